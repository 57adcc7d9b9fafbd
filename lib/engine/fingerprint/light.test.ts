import { describe, expect, test, vi } from "vitest";
import { memoryRelease } from "@/tests/support/memory-release";
import { gaussians, smallTensors, smallWeights } from "@/tests/support/small-weights";
import { memoryWeights } from "../weights/memory-weights";
import { fingerprintText, parseFingerprint } from "./document";
import { makeLightFingerprint } from "./make-light";
import { unpackFloats } from "./packed";
import { sampledRun } from "./sampled-runs";
import { type LightFingerprint, lightSketchWidth } from "./schema";
import { candidateDistance, hammingDistance } from "./simhash";

vi.setConfig({ testTimeout: 60_000 });
const big = { layers: 1, hidden: 128, inner: 2048, vocabulary: 1200 };
const release = memoryRelease([
  { path: "config.json", content: {} },
  { path: "modeling.py", content: "print()" },
  { path: "tokenizer.json", content: { model: { vocab: { a: 0, b: 1, c: 2 }, merges: [] } } },
]);
const distance = (a: LightFingerprint, b: LightFingerprint) =>
  hammingDistance(a.sampledSimhash ?? "", b.sampledSimhash ?? "");
const light = (seed: string) => makeLightFingerprint(release, smallWeights(seed, big));

describe("the light fingerprint", () => {
  test("is read back as it was written, and the same twice", async () => {
    const [one, again] = [await light("a"), await light("a")];
    expect(fingerprintText(again)).toBe(fingerprintText(one));
    const text = Buffer.from(fingerprintText(one));
    expect(parseFingerprint(text, "fp.json")).toEqual(one);
    expect(one.tokenizer?.tokens).toBe(3);
    expect(one.code).toHaveLength(1);
  });

  test("reads at most half a percent of the elements, at places that extra rows do not move", async () => {
    let elements = 0;
    let sampled = 0;
    for (const tensor of smallWeights("a", big).tensors.values()) {
      elements += tensor.rows * tensor.cols;
      const run = sampledRun(tensor);
      if (run) sampled += run.end - run.start;
    }
    expect(sampled / elements).toBeLessThan(0.005);
    expect(sampled / elements).toBeGreaterThan(0.003);
    expect(sampledRun({ rows: 128_256, cols: 4096 })).toEqual(sampledRun({ rows: 130_000, cols: 4096 }));
    expect(sampledRun({ rows: 1, cols: 4096 })).toBeNull();
  });

  test("gives no SimHash of a model too small to fill it", async () => {
    const tiny = await makeLightFingerprint(release, smallWeights("a", { layers: 1 }));
    expect(tiny.sampledSimhash).toBeNull();
  });

  test("noise leaves a candidate a candidate; independent weights are none", async () => {
    const noisy = memoryWeights(
      smallTensors("a", big).map(({ tensor, values }) => {
        const noise = gaussians(`noise ${tensor.name}`, values.length, 0.002);
        return { tensor, values: values.map((value, at) => value + (noise[at] as number)) };
      }),
    );
    const [a, b] = [await light("a"), await light("b")];
    const copy = await makeLightFingerprint(release, noisy);
    expect(distance(a, copy)).toBeLessThan(candidateDistance / 2);
    expect(distance(a, b)).toBeGreaterThan(candidateDistance);
  });

  test("sketches are linear: sk(O) − sk(B) = sk(O − B)", async () => {
    const [o, b] = [smallTensors("o", big), smallTensors("b", big)];
    const difference = o.map(({ tensor, values }, index) => {
      const other = b[index]?.values as Float32Array;
      return { tensor, values: values.map((value, at) => value - (other[at] as number)) };
    });
    const make = async (tensors: typeof o) => makeLightFingerprint(release, memoryWeights(tensors));
    const [fo, fb, fd] = [await make(o), await make(b), await make(difference)];
    const sketch = (from: LightFingerprint, index: number) =>
      unpackFloats(from.tensors[index]?.run?.sketch ?? "", lightSketchWidth);
    let compared = 0;
    for (const index of fd.tensors.keys()) {
      const [so, sb, sd] = [sketch(fo, index), sketch(fb, index), sketch(fd, index)];
      if (!so || !sb || !sd) continue;
      compared += 1;
      const size = Math.sqrt(sd.reduce((sum, value) => sum + value * value, 0));
      for (const [at, value] of sd.entries())
        expect(Math.abs((so[at] as number) - (sb[at] as number) - value)).toBeLessThan(1e-5 * size);
    }
    expect(compared).toBe(4);
  });

  test("bytes that cannot be had and values that are no numbers end in one clear error", async () => {
    const weights = smallWeights("a", big);
    await expect(makeLightFingerprint(release, { ...weights, read: async () => null })).rejects.toMatchObject(
      {
        code: "bad-input",
      },
    );
    const broken = {
      ...weights,
      read: async (_: unknown, a: number, b: number) => new Float32Array(b - a).fill(NaN),
    };
    await expect(makeLightFingerprint(release, broken)).rejects.toMatchObject({ code: "malformed-file" });
  });
});
