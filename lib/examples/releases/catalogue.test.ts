import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { exampleReleases, exampleRepositories } from "./catalogue";

const repositories = exampleRepositories();
const named = (name: string) => repositories.find((one) => one.name === name)!;
const bytesOf = (name: string, path: string) =>
  Buffer.from(named(name).files.find((file) => file.path === path)?.bytes ?? []);

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** Hash of each tensor's bytes by its name, read from the shards as a stranger would. */
function tensorHashes(name: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const file of named(name).files.filter((one) => one.path.endsWith(".safetensors"))) {
    const bytes = Buffer.from(file.bytes!);
    const length = Number(bytes.readBigUInt64LE(0));
    const { __metadata__, ...header } = JSON.parse(bytes.toString("utf8", 8, 8 + length)) as Record<
      string,
      Entry
    >;
    let end = 0;
    for (const [tensor, entry] of Object.entries(header)) {
      const width = entry.dtype === "F32" ? 4 : 2;
      expect(entry.data_offsets[0]).toBe(end);
      end = entry.data_offsets[1];
      expect(end - entry.data_offsets[0]).toBe(entry.shape.reduce((a, b) => a * b, width));
      const data = bytes.subarray(8 + length + entry.data_offsets[0], 8 + length + end);
      hashes.set(tensor, createHash("sha256").update(data).digest("hex"));
    }
    expect(8 + length + end).toBe(bytes.length);
  }
  return hashes;
}

test("the releases are the same at every call and on every machine", () => {
  expect(exampleRepositories().map((one) => one.commit)).toEqual(repositories.map((one) => one.commit));
  expect(Object.fromEntries(repositories.map((one) => [one.name, one.commit]))).toMatchInlineSnapshot(`
    {
      "example-meridian/heron-vl": "1b87b588a1d69504e893ed9f9be30a8e3c37a2e2",
      "example-tidewater/heron-vl-harbour": "3cd21c976ae0087fe579f76fd31f724ba9033d1d",
      "example-tidewater/osprey-vision": "920ae3f39d0e53e0582e024d7225487c37aa9c8a",
      "example-tidewater/plover-vl": "5b59aaf4682ab6f09b249944ba71ee837252efae",
    }
  `);
});

test("each holds a few hundred kilobytes to two megabytes and says that it is fictitious", () => {
  for (const { name, files } of repositories) {
    const size = files.reduce((sum, file) => sum + (file.bytes?.byteLength ?? 0), 0);
    expect(size).toBeGreaterThan(300_000);
    expect(size).toBeLessThan(2_000_000);
    expect(bytesOf(name, "README.md").toString()).toContain("Fictitious example");
  }
});

test("the renamed copy holds every tensor of the original under another prefix, in other shards", () => {
  const original = tensorHashes(exampleReleases.original);
  const copy = tensorHashes(exampleReleases.renamed);
  const back = (name: string) =>
    name
      .replace(/^llm/, "language_model")
      .replace(/^eye/, "vision_tower")
      .replace(/^bridge/, "projector");
  expect(new Map([...copy].map(([name, hash]) => [back(name), hash]))).toEqual(new Map([...original].sort()));
  expect([...copy.keys()].filter((name) => original.has(name))).toEqual([]);
  expect(bytesOf(exampleReleases.renamed, "tokenizer.json")).toEqual(
    bytesOf(exampleReleases.original, "tokenizer.json"),
  );
});

test("the fine-tune moves the language model only, the independent release shares nothing", () => {
  const original = tensorHashes(exampleReleases.original);
  const tuned = tensorHashes(exampleReleases.credited);
  expect([...tuned.keys()].sort()).toEqual([...original.keys()].sort());
  const changed = [...tuned].filter(([name, hash]) => original.get(name) !== hash).map(([name]) => name);
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.every((name) => name.startsWith("language_model."))).toBe(true);
  const hashes = new Set(original.values());
  const independent = tensorHashes(exampleReleases.independent);
  expect([...independent.values()].filter((hash) => hashes.has(hash))).toEqual([]);
});
