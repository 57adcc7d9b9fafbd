/** npm run bench:canary-judge: one judgement of 10,000 items with 50 references, generator items, in a cold process. */
import { judge } from "@/lib/engine/canary/judge";
import { largeInput } from "../support/canary-input";

const [items = 10_000, references = 50] = process.argv.slice(2).map(Number);
const input = largeInput(items, references);
const before = process.cpuUsage();
const start = performance.now();
const result = judge(input);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
console.log(
  `${items} items × ${references} references: ${seconds.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of processor time), ${result.says}, log10 p_robust ${result.p.robust?.log10}, both wrong ${result.nBothWrong}, ${result.digest}`,
);
