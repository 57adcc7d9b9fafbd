/**
 * npm run bench:canary-commit [-- ITEMS]: how long a set of ITEMS (100,000) random-label items takes to be read,
 * checked, committed, sealed, opened again and verified in this Node, and up to the seal in a page of Chromium that
 * loads nothing but the engine. Each item has 16 options, some 300 bytes. Milliseconds on the clock; in Node those of
 * the processor beside them, which other work on the machine does not stretch. In the page the longest time between
 * two animation frames is counted as well: whether anybody could still use it.
 */
import { availableParallelism, cpus } from "node:os";
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import * as engine from "@/lib/engine/canary";
import { chromiumOptions } from "../support/browser";

const count = Number(process.argv[2] ?? 100_000);

export interface Times {
  readonly [step: string]: number;
}

/** Runs in both places: only what it is given. */
async function measure(canary: typeof engine, items: number, whole: boolean): Promise<Times> {
  const times: Record<string, number> = {};
  const timed = async <T>(step: string, work: () => T | Promise<T>): Promise<T> => {
    const used = () => {
      const { user, system } = globalThis.process?.cpuUsage?.() ?? { user: 0, system: 0 };
      return (user + system) / 1000;
    };
    const [start, busy] = [performance.now(), used()];
    const made = await work();
    times[step] = Math.round(performance.now() - start);
    if (used() > 0) times[`${step}, processor`] = Math.round(used() - busy);
    return made;
  };
  const text = Array.from({ length: items }, (_, at) => {
    const options = Array.from({ length: 16 }, (_, k) => `colour ${(at * 7 + k) % 100_003}`);
    return JSON.stringify({ id: `token-${at}`, prompt: `Which colour has token number ${at}?`, options });
  }).join("\n");
  const bytes = new TextEncoder().encode(text);
  times.bytes = bytes.length;
  const read = await timed("read", () => canary.parseItems(bytes).map(({ image: _, ...item }) => item));
  await timed("check", () => canary.requireItemsOfKind(read, "random-label"));
  const made = await timed("check again and commit", () =>
    canary.makeSet(
      { items: read, images: new Map(), authorKeyId: "ab".repeat(32) },
      { kind: "random-label" },
    ),
  );
  const sealed = await timed("seal", () => canary.sealSecrets(made.secrets, "a passphrase of some length"));
  times.sealedBytes = sealed.length;
  if (!whole) return times;
  const opened = await timed("open the seal", () =>
    canary.openSecrets(sealed, "a passphrase of some length"),
  );
  const targets = await timed("draw targets", () => canary.targetItems(opened, "cd".repeat(32)));
  if (targets.length !== items) throw new Error("not all were drawn");
  const openings = await timed("open all", () => canary.openSet(opened));
  await timed("verify all openings", () => {
    for (const opening of openings) canary.verifyOpening(opening, { ...made.commitment, size: items });
  });
  return times;
}

const bundle = await build({
  stdin: {
    contents: `import * as canary from "./lib/engine/canary"; globalThis.canary = canary;`,
    resolveDir: process.cwd(),
    loader: "ts",
  },
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  platform: "browser",
});
const script = bundle.outputFiles[0]?.text ?? "";
print("machine", { cores: availableParallelism(), cpu: cpus()[0]?.model ?? "?", node: process.version });
print("bundle", { kilobytes: Math.round(script.length / 1024) });
print("node", await measure(engine, count, true));

const browser = await chromium.launch(chromiumOptions());
try {
  const page = await browser.newPage();
  await page.addScriptTag({ content: script });
  // What a compiler may put around functions so that they keep their names.
  await page.evaluate("globalThis.__name = (it) => it");
  const [times, longestFrame] = (await page.evaluate(
    `(async () => {
      let longest = 0, last = performance.now(), on = true;
      const frame = () => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; if (on) requestAnimationFrame(frame); };
      requestAnimationFrame(frame);
      const items = Array.from({ length: ${count} }, (_, at) => canary.itemBytes({ id: "t" + at, prompt: "p".repeat(280) }));
      longest = 0; last = performance.now();
      const start = performance.now();
      await canary.commitItems({ seed: "11".repeat(32), setId: "22".repeat(16), authorKeyId: "33".repeat(32), items });
      const alone = performance.now() - start;
      const whileCommitting = longest;
      on = false;
      return [{ "commit alone": Math.round(alone), ...(await (${measure.toString()})(canary, ${count}, false)) }, whileCommitting];
    })()`,
  )) as [Times, number];
  print(`chromium ${browser.version()}`, {
    ...times,
    "longest frame while committing": Math.round(longestFrame),
  });
} finally {
  await browser.close();
}

function print(what: string, facts: object): void {
  process.stdout.write(`${what.padEnd(12)} ${JSON.stringify(facts)}\n`);
}
