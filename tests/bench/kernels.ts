/**
 * npm run bench:kernels [-- --gigabytes N] [--skip-full]: the arithmetic of the engine beside named peers of the same run.
 * Kernels beside plain TypeScript loops and beside the same kernel that only reads, one thread each; the assignment
 * problem; a full read of seeded weight files in a temporary folder beside one `openssl dgst -sha256` of the same files.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openRelease } from "@/lib/engine/io/source/open-release";
import { instantiateKernels, kernelMemory } from "@/lib/engine/kernels/instance";
import { kernelModule } from "@/lib/engine/kernels/module";
import { assign } from "@/lib/engine/statistics/assignment";
import { passOverRelease } from "@/lib/engine/weights/full-pass-release";
import { ioFor } from "@/tests/support/far-side";
import { withLength } from "@/tests/support/safetensors-file";
import { plainPairBf16, plainPairF32 } from "./plain-loops";

const { values } = parseArgs({
  options: { gigabytes: { type: "string" }, "skip-full": { type: "boolean" } },
});
const repeats = 15;

/** Milliseconds of each contestant, taken in turns so that a busy machine is busy for all of them; medians. */
function inTurns<Name extends string>(contestants: Record<Name, () => unknown>): Record<Name, number> {
  const names = Object.keys(contestants) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < repeats + 2; round++) {
    for (const name of names) {
      const start = performance.now();
      contestants[name]();
      if (round >= 2) times.get(name)?.push(performance.now() - start);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}

function row(name: string, figure: string, ratio = "", target = ""): void {
  console.log([name.padEnd(52), figure.padStart(14), ratio.padStart(8), target.padStart(10)].join(" "));
}

function kernelBench(): void {
  const n = 1 << 22;
  const memory = kernelMemory(48 * 1024 * 1024);
  const kernels = instantiateKernels(kernelModule(), memory);
  const [a, b, out] = [65_536, 65_536 + n * 4, 0];
  const floats = [new Float32Array(memory.buffer, a, n), new Float32Array(memory.buffer, b, n)] as const;
  let state = 1;
  for (let i = 0; i < n; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    floats[0][i] = (state / 2 ** 32 - 0.5) * 0.1;
    floats[1][i] = i % 3 === 0 ? (floats[0][i] as number) : (floats[0][i] as number) + 1e-3;
  }
  const plain = floats.map((values) => Float32Array.from(values)) as unknown as [Float32Array, Float32Array];
  const narrow = plain.map((values) =>
    Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16),
  );
  const [narrowA, narrowB] = narrow as [Uint16Array, Uint16Array];
  const gigabytes = (bytes: number, ms: number) => `${(bytes / 1e6 / ms).toFixed(2)} GB/s`;

  const wide = inTurns({
    loop: () => plainPairF32(...plain),
    read: () => kernels.readF32(a, b, n),
    pair: () => kernels.pairF32(a, b, n, out),
  });
  row("f32 pair set, plain loop", gigabytes(8 * n, wide.loop));
  row("f32 pair set, only read", gigabytes(8 * n, wide.read));
  row("f32 pair set, kernel / loop", gigabytes(8 * n, wide.pair), (wide.loop / wide.pair).toFixed(2), ">= 3");
  row("f32 pair set, kernel / only read", "", (wide.read / wide.pair).toFixed(2), ">= 0.5");

  new Uint16Array(memory.buffer, a, n).set(narrowA);
  new Uint16Array(memory.buffer, b, n).set(narrowB);
  const thin = inTurns({
    loop: () => plainPairBf16(narrowA, narrowB),
    pair: () => kernels.pairBf16(a, b, n, out),
  });
  row("bf16 pair set, plain loop", gigabytes(4 * n, thin.loop));
  row(
    "bf16 pair set, kernel / loop",
    gigabytes(4 * n, thin.pair),
    (thin.loop / thin.pair).toFixed(2),
    ">= 5",
  );

  const chunk = 262_144;
  const [scratch, moments, sums, squares] = [8192, 128, 28_672, 40_960];
  const each = (wantSquares: boolean, wantSketch: boolean) => () => {
    for (let at = 0; at < n; at += chunk) {
      const [s, k] = [wantSquares ? squares : 0, wantSketch ? sums : 0];
      kernels.tensorChunk(a + at * 2, 1, chunk, at / 4096, 0, 4096, 1, 2, scratch, moments, s, k);
    }
  };
  const parts = inTurns({ shape: each(false, false), norms: each(true, false), all: each(true, true) });
  row("bf16 mean to kurtosis", gigabytes(2 * n, parts.shape));
  row("bf16 mean to kurtosis, row norms", gigabytes(2 * n, parts.norms));
  row("bf16 mean to kurtosis, row norms, sketch", gigabytes(2 * n, parts.all));
}

function assignmentBench(): void {
  let state = 7;
  for (const [n, target] of [
    [256, 10],
    [2048, 1500],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < repeats; round++) {
      const cost = Float64Array.from({ length: n * n }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return -state / 2 ** 32;
      });
      const start = performance.now();
      assign(cost, n);
      times.push(performance.now() - start);
    }
    row(
      `assignment ${n} x ${n}, median of ${repeats}`,
      `${median(times).toFixed(1)} ms`,
      "",
      `<= ${target} ms`,
    );
  }
}

async function fullReadBench(gigabytes: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-full-"));
  try {
    const files: string[] = [];
    for (let shard = 0; shard < 4; shard++) {
      const path = join(folder, `model-0000${shard + 1}-of-00004.safetensors`);
      await writeShard(path, shard, Math.round((gigabytes * 1e9) / 4));
      files.push(path);
    }
    const reader = await openRelease(
      { kind: "folder", repository: folder, revision: null },
      ioFor("http://127.0.0.1:9"),
    );
    const rates: { openssl: number[]; full: number[] } = { openssl: [], full: [] };
    for (let round = 0; round < 3; round++) {
      let start = performance.now();
      if (spawnSync("openssl", ["dgst", "-sha256", ...files]).status !== 0) throw new Error("openssl failed");
      rates.openssl.push(performance.now() - start);
      start = performance.now();
      const read = await passOverRelease(reader, { threads: 2, onTensor: () => {} });
      rates.full.push(performance.now() - start);
      if (read.some(({ root }) => root === null)) throw new Error("not all was read");
    }
    const [openssl, full] = [Math.min(...rates.openssl), Math.min(...rates.full)];
    row("openssl dgst -sha256, one process", `${((gigabytes * 1e3) / openssl).toFixed(2)} GB/s`);
    const ratio = (openssl / full).toFixed(2);
    row("full read, two workers / openssl", `${((gigabytes * 1e3) / full).toFixed(2)} GB/s`, ratio, ">= 0.7");
    row("peak memory", `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** bfloat16 matrices of 4096 columns, bell-shaped and seeded, written in pieces. */
async function writeShard(path: string, shard: number, bytes: number): Promise<void> {
  const rows = 4096;
  const each = rows * 4096 * 2;
  const count = Math.max(1, Math.round(bytes / each));
  const names = Array.from(
    { length: count },
    (_, i) => `model.layers.${shard * count + i}.mlp.up_proj.weight`,
  );
  const header = Object.fromEntries(
    names.map((name, i) => [
      name,
      { dtype: "BF16", shape: [rows, 4096], data_offsets: [i * each, (i + 1) * each] },
    ]),
  );
  const file = await open(path, "w");
  await file.write(withLength(JSON.stringify(header)));
  const piece = new Uint16Array(each / 2);
  let state = shard + 1;
  for (let i = 0; i < piece.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // Sign, an exponent about 2^-6, and seven bits of fraction.
    piece[i] = ((state >>> 31) << 15) | ((121 - ((state >>> 24) & 3)) << 7) | ((state >>> 12) & 127);
  }
  for (const _ of names) await file.write(new Uint8Array(piece.buffer));
  await file.close();
}

row("", "", "ratio", "target");
// First, so that the peak memory is its own.
if (!values["skip-full"]) await fullReadBench(Number(values.gigabytes ?? 1));
kernelBench();
assignmentBench();
console.log(execFileSync("openssl", ["version"], { encoding: "utf8" }).trim(), process.version, process.arch);
