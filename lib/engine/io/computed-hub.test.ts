import fc from "fast-check";
import { expect, test } from "vitest";
import { computedRepository, type ReleaseName } from "../../../tests/bench/computed-hub/releases";
import { tensorsOf } from "../../../tests/bench/computed-hub/shapes";
import { readSafetensorsHeader } from "../formats/safetensors-header";
import type { ReleaseReader } from "./source/release";

/** The releases that the bench compares are what it says they are. */

type HubFile = ReturnType<typeof computedRepository>["files"][number];

// A busy machine is no failure.
const patience = 60_000;

function filesOf(shape: "mini" | "8B", name: ReleaseName): (HubFile & Required<Pick<HubFile, "computed">>)[] {
  return computedRepository(shape, name).files.flatMap((file) =>
    file.computed ? [{ ...file, computed: file.computed }] : [],
  );
}

async function headersOf(shape: "mini" | "8B", name: ReleaseName) {
  const files = filesOf(shape, name);
  const listed = files.map(({ path, computed }) => ({
    path,
    size: computed.size,
    gitOid: null,
    lfsSha256: null,
  }));
  const at = (path: string) => files.find((file) => file.path === path)?.computed;
  const reader: ReleaseReader = {
    release: { kind: "hf", repository: null, commit: null, files: listed },
    read: async (path, start, end) => at(path)?.read(start, end) ?? null,
    readWhole: async () => null,
  };
  return Promise.all(
    listed.map(async ({ path }) => ({
      path,
      at: at(path),
      header: await readSafetensorsHeader(reader, path),
    })),
  );
}

async function valuesOf(name: ReleaseName, tensor: RegExp): Promise<Float32Array> {
  for (const { at, header } of await headersOf("mini", name)) {
    const found = header?.tensors.find((one) => tensor.test(one.name));
    if (!found || !header) continue;
    const bytes = at?.read(header.dataStart + found.start, header.dataStart + found.end) ?? new Uint8Array();
    const words = new Uint32Array(bytes.length / 2);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let k = 0; k < words.length; k += 1) words[k] = view.getUint16(2 * k, true) * 65536;
    return new Float32Array(words.buffer);
  }
  throw new Error(`no ${tensor}`);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let k = 0; k < a.length; k += 1) {
    const [x, y] = [a[k] as number, b[k] as number];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

test(
  "bytes are the same whatever range they are asked for in",
  () => {
    const file = filesOf("mini", "noisy-copy")[0]?.computed;
    if (!file) throw new Error("no file");
    const whole = Buffer.from(file.read(0, file.size));
    fc.assert(
      fc.property(fc.nat(file.size - 1), fc.integer({ min: 1, max: 5000 }), (start, length) => {
        const end = Math.min(file.size, start + length);
        expect(Buffer.from(file.read(start, end)).equals(whole.subarray(start, end))).toBe(true);
      }),
      { numRuns: 60 },
    );
  },
  patience,
);

test(
  "an 8B release has the tensors, the parameters and honest headers of Llama 3 8B, in both layouts",
  async () => {
    for (const name of ["original", "noisy-copy"] as const) {
      const headers = await headersOf("8B", name);
      const tensors = headers.flatMap(({ header }) => header?.tensors ?? []);
      expect(tensors).toHaveLength(291);
      // Grattafiori et al., arXiv 2407.21783; the count that its model card states.
      expect(tensors.reduce((sum, { start, end }) => sum + (end - start) / 2, 0)).toBe(8_030_261_248);
      expect(headers).toHaveLength(name === "original" ? 4 : 7);
    }
  },
  patience,
);

test(
  "the relations of the releases are those that their names state",
  async () => {
    const up = /layers\.1\.mlp\.up_proj|blocks\.1\.ffn\.up_proj/;
    const [original, base, copy, sibling, independent] = (await Promise.all(
      (["original", "base", "noisy-copy", "sibling", "independent"] as const).map((name) =>
        valuesOf(name, up),
      ),
    )) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
    const minus = (a: Float32Array, b: Float32Array) => a.map((value, k) => value - (b[k] as number));
    expect(cosine(original, copy)).toBeGreaterThan(0.998);
    expect(cosine(original, base)).toBeGreaterThan(0.998);
    expect(Math.abs(cosine(original, independent))).toBeLessThan(0.02);
    // What both took from the base apart, the copy has the original's change and the sibling has its own.
    expect(cosine(minus(copy, base), minus(original, base))).toBeGreaterThan(0.65);
    expect(Math.abs(cosine(minus(sibling, base), minus(original, base)))).toBeLessThan(0.05);
    expect(
      tensorsOf({ layers: 1, hidden: 8, mlp: 8, heads: 2, kvHeads: 1, vocabulary: 8, shardBytes: 1 }),
    ).toHaveLength(12);
  },
  patience,
);
