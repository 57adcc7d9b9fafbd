import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { catalogue, needs, recipeOf } from "./catalogue";
import { tensorsHash } from "./model";
import { runRecipe } from "./run-recipe";
import {
  dtypeOf,
  fixtures,
  readRecords,
  tensorsOf,
  writeCheckpoint,
  writeRecords,
  type ZooRecord,
} from "./store";
import { loadKernels } from "./trainer/kernels";

interface Job {
  readonly name: string;
  readonly folder: string;
}

interface Done extends ZooRecord {
  readonly name: string;
  readonly seconds: number;
}

/**
 * npm run zoo [-- --out FOLDER] [--workers N] [NAME …]
 * Trains the whole catalogue, or the named checkpoints, and writes checkpoints and records. Which process trains what,
 * and when, makes no difference: the same records come out everywhere. Written to another folder, they are compared
 * with the committed ones, and a difference is an error.
 */
async function direct(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: "string", default: fixtures }, workers: { type: "string", default: "2" } },
  });
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  const wanted = positionals.length > 0 ? positionals : [...catalogue.keys()];
  for (const name of wanted) recipeOf(name);
  const waiting = new Set(wanted);
  const records = readRecords(folder);
  const began = performance.now();
  const next = (): string | null => {
    for (const name of waiting) {
      if (needs(recipeOf(name)).every((needed) => !wanted.includes(needed) || done.has(needed))) return name;
    }
    return null;
  };
  const done = new Set<string>();
  const idle: ChildProcess[] = [];
  await new Promise<void>((finish, fail) => {
    const give = () => {
      for (let name = next(); name !== null && idle.length > 0; name = next()) {
        waiting.delete(name);
        idle.pop()?.send({ name, folder } satisfies Job);
      }
      if (done.size === wanted.length) finish();
    };
    for (let i = 0; i < Number(values.workers); i++) {
      const worker = fork(fileURLToPath(import.meta.url), ["--work"]);
      worker.on("message", (message: "ready" | Done) => {
        idle.push(worker);
        if (message !== "ready") {
          const { name, seconds, ...record } = message;
          records[name] = record;
          writeRecords(folder, records);
          done.add(name);
          const size = statSync(join(folder, `${name}.br`)).size;
          console.log(
            `${name}: loss ${record.firstLoss} -> ${record.lastLoss}, ${seconds.toFixed(1)} s, ${size} bytes, ${record.sha256.slice(0, 16)}`,
          );
        }
        give();
      });
      worker.on("exit", (code) => {
        if (done.size < wanted.length) fail(new Error(`a training process ended with ${code}`));
      });
    }
  });
  console.log(`${done.size} checkpoints in ${((performance.now() - began) / 60000).toFixed(1)} minutes`);
  const committed = readRecords(fixtures);
  const changed = wanted.filter((name) => records[name]?.sha256 !== committed[name]?.sha256);
  if (changed.length > 0) console.log(`not as committed: ${changed.join(", ")}`);
  process.exit(changed.length > 0 ? 1 : 0);
}

async function work(): Promise<void> {
  const kernels = await loadKernels();
  process.on("message", ({ name, folder }: Job) => {
    const before = performance.now();
    const { values, firstLoss, lastLoss } = runRecipe(kernels, name, folder);
    writeCheckpoint(folder, name, values);
    process.send?.({
      name,
      sha256: tensorsHash(tensorsOf(name, values), dtypeOf(recipeOf(name))),
      firstLoss: rounded(firstLoss),
      lastLoss: rounded(lastLoss),
      seconds: (performance.now() - before) / 1000,
    } satisfies Done);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.("ready");
}

function rounded(loss: number): number {
  return Math.round(loss * 10000) / 10000;
}

await (process.argv.includes("--work") ? work() : direct());
