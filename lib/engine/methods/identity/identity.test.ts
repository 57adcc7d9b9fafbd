import { describe, expect, it } from "vitest";
import { type MemoryFile, memoryRelease } from "../../../../tests/support/memory-release";
import { methodInput } from "../../../../tests/support/method-input";
import { identity } from ".";

const run = (original: MemoryFile[], suspect: MemoryFile[], ancestor?: MemoryFile[]) =>
  identity.run(
    methodInput({
      original: memoryRelease(original),
      suspect: memoryRelease(suspect),
      ancestors: ancestor ? [memoryRelease(ancestor)] : [],
      controls: [],
    }),
  );
const codes = (outcome: Awaited<ReturnType<typeof run>>) => outcome.reasons.map(({ code }) => code);
const weights = (path: string, content = "weights") => ({ path, content });

describe("identity", () => {
  it("knows equal weight files by their listed hash, under any path, and reads none", async () => {
    const outcome = await run([weights("model.safetensors")], [weights("copy/other.safetensors")]);
    expect(outcome.says).toBe("same-weights");
    expect(codes(outcome)).toEqual(["all-weight-files-equal"]);
  });

  it("does not take a small file that both carry for the model", async () => {
    const beside = (big: MemoryFile) => [big, { path: "vad.onnx", content: "detector" }];
    const safetensors = weights("model.safetensors", "x".repeat(100));
    for (const other of [
      weights("other.gguf", "y".repeat(100)),
      weights("archive.nemo", "z".repeat(2 ** 21)),
    ]) {
      expect((await run(beside(safetensors), beside(other))).says).toBe("some-weights-same");
    }
  });

  it("says some where one of two shards is equal", async () => {
    const shard = (n: number, content: string) => weights(`model-${n}.safetensors`, content);
    const outcome = await run([shard(1, "a"), shard(2, "b")], [shard(1, "a"), shard(2, "c")]);
    expect(outcome.says).toBe("some-weights-same");
  });

  it("does not call two copies identical when one of their formats differs", async () => {
    const both = (bin: string) => [weights("model.safetensors"), weights("pytorch_model.bin", bin)];
    expect((await run(both("a"), both("b"))).says).toBe("some-weights-same");
    expect((await run(both("a"), [weights("model.safetensors")])).says).toBe("same-weights");
  });

  it("does not say all where an index names shards that are not listed", async () => {
    const index = (shard: string) => ({
      path: "model.safetensors.index.json",
      content: { weight_map: { w: shard } },
    });
    const outcome = await run(
      [weights("vision.safetensors"), index("vision.safetensors")],
      [weights("vision.safetensors"), index("model-1.safetensors")],
    );
    expect(outcome.says).toBe("some-weights-same");
    expect(codes(outcome)).toContain("shards-not-listed");
  });

  it("pairs thousands of equal files at once, namesakes first", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ path: `f/${i}.txt`, content: "same" }));
    const outcome = await run(many, [...many].reverse());
    expect(outcome.statistics.equalFiles).toHaveLength(1000);
    expect(outcome.statistics).toMatchObject({ equalFilesNotListed: 19_000 });
    expect(outcome.statistics.equalFiles).toContainEqual(
      expect.objectContaining({ original: "f/1.txt", suspect: "f/1.txt", samePath: true }),
    );
  });

  it("does not count what an ancestor holds too, nor licences and empty files", async () => {
    const files = [
      { path: "LICENSE", content: "terms" },
      { path: "empty.txt", content: "" },
      { path: "tokenizer.json", content: { model: { vocab: {} } } },
    ];
    const outcome = await run(files, files, [{ path: "t.json", content: { model: { vocab: {} } } }]);
    expect(outcome.says).toBe("nothing-same");
    expect(codes(outcome)).toContain("same-bytes-as-ancestor");
    expect(outcome.statistics.equalFiles).toHaveLength(3);
  });

  it("tells a reformatted file from a changed one", async () => {
    const config = (content: string) => [{ path: "config.json", content }];
    expect(codes(await run(config('{"a":1,"b":1e2}'), config('{ "b": 100, "a": 1 }')))).toContain(
      "same-content-reformatted",
    );
    expect(codes(await run(config('{"a":1}'), config('{"a":2}')))).not.toContain("same-content-reformatted");
  });

  it("does not count a reformatted copy of an ancestor's file, whichever side reformatted it", async () => {
    const [plain, spaced] = ['{"a":1}', '{ "a": 1 }'].map((content) => [{ path: "config.json", content }]);
    for (const [one, other] of [
      [plain, spaced],
      [spaced, plain],
    ] as [MemoryFile[], MemoryFile[]][]) {
      const outcome = await run(one, other, plain);
      expect(outcome.says).toBe("nothing-same");
      expect(codes(outcome)).toContain("same-content-as-ancestor");
    }
  });

  it("says when bytes cannot be had", async () => {
    const gone = { path: "config.json", listedOnly: true, listed: { size: 3, gitOid: "a".repeat(40) } };
    expect(codes(await run([{ path: "config.json", content: "{}" }], [gone]))).toContain(
      "bytes-not-available",
    );
  });

  it("knows no weights on a side that lists none", async () => {
    expect(codes(await run([weights("model.gguf")], [{ path: "a", content: "b" }]))).toEqual([
      "no-weight-files-listed",
    ]);
  });
});
