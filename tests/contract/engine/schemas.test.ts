import { Ajv2020 } from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { compare } from "@/lib/engine";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { publishedSchemas } from "@/lib/engine/result/json-schemas";
import { foundingPair } from "@/tests/fixtures/founding-pair";
import { memoryRelease } from "@/tests/support/memory-release";
import { safetensorsFile } from "@/tests/support/safetensors-file";

const parameters = {
  methods: ["identity", "architecture", "tokenizer", "lineage"],
  nonce: "",
  screened: 1,
  level: 1 as const,
};

async function documents() {
  const { original, suspect, base } = foundingPair();
  const weights = (name: string, fill: number): ReleaseReader =>
    memoryRelease(
      [
        {
          path: "model.safetensors",
          content: safetensorsFile([{ name, dtype: "F16", shape: [4, 4], width: 2 }], fill),
        },
        { path: "README.md", content: "---\nbase_model: lab/slate\n---\nHello" },
        { path: "tokenizer.json", content: { model: { vocab: { a: 0, [name]: 1 }, merges: ["a b"] } } },
      ],
      { repository: "lab/slate" },
    );
  const empty = memoryRelease([]);
  const pairs: [ReleaseReader, ReleaseReader, ReleaseReader[]][] = [
    [original, suspect, [base]],
    [suspect, original, []],
    [weights("w", 1), weights("w", 1), [empty]],
    [weights("w", 1), weights("v", 2), [weights("w", 1)]],
    [empty, weights("w", 3), []],
  ];
  const results = pairs.map(([a, b, ancestors]) =>
    compare({ original: a, suspect: b, ancestors, controls: [base] }, parameters, { build: "0".repeat(64) }),
  );
  return (await Promise.all(results)).map(({ result }) => result);
}

describe("the published schemas", () => {
  // After a change of a schema: npx vitest run --project contract tests/contract/engine -u
  it.each([...publishedSchemas()])("docs/schemas/%s is current", async (file, text) => {
    await expect(text).toMatchFileSnapshot(`../../../docs/schemas/${file}`);
  });

  it("describe real results and their statistics", async () => {
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
    const schemas = new Map(
      [...publishedSchemas()].map(([file, text]) => [file, ajv.compile(JSON.parse(text))]),
    );
    const errorsOf = (file: string, value: unknown) => {
      const validate = schemas.get(file);
      return validate?.(value) ? null : (validate?.errors ?? `no schema ${file}`);
    };
    for (const document of await documents()) {
      const plain = JSON.parse(JSON.stringify(document));
      expect(errorsOf("result.v1.json", plain)).toBeNull();
      for (const { method, version, statistics } of plain.methods) {
        expect(errorsOf(`statistics.${method}.v${version}.json`, statistics)).toBeNull();
      }
      expect(errorsOf("result.v1.json", { ...plain, extra: 1 })).not.toBeNull();
      expect(errorsOf("result.v1.json", { ...plain, digest: "sha256:x" })).not.toBeNull();
    }
  });
});
