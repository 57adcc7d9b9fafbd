/**
 * The computed Hub as a process of its own: node --import tsx tests/bench/computed-hub/main.ts SHAPE…
 * Its parent, over an IPC channel, gets { url } when it listens and, for every { "report": true }, what was asked of it
 * since the last one; it ends with its parent. Alone it prints its address.
 */
import type { ShapeName } from "./shapes";
import { shapes } from "./shapes";
import { startComputedHub } from "./start-computed-hub";

export interface HubReport {
  /** "METHOD path" of every request since the last report. */
  readonly requests: readonly string[];
  /** Processor time of this process since the last report, seconds. */
  readonly cpuSeconds: number;
}

const names = process.argv.slice(2).filter((name): name is ShapeName => Object.hasOwn(shapes, name));
const hub = await startComputedHub({ shapes: names });
let told = 0;
let usage = process.cpuUsage();
process.on("message", () => {
  const { user, system } = process.cpuUsage(usage);
  usage = process.cpuUsage();
  const report: HubReport = { requests: hub.requests.slice(told), cpuSeconds: (user + system) / 1e6 };
  told = hub.requests.length;
  process.send?.(report);
});
process.once("disconnect", () => void hub.close());
if (process.send) process.send({ url: hub.url });
else console.log(hub.url);
