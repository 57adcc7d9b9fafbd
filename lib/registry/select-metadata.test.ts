import { describe, expect, it } from "vitest";
import { metadataBounds, selectMetadata } from "./select-metadata";

const file = (path: string, size: number | null = 100) => ({ path, size, gitOid: null, lfsSha256: null });
const paths = (files: readonly { path: string }[]) => files.map(({ path }) => path);

describe("selectMetadata", () => {
  it("takes descriptions, at the root or one folder down, and neither weights nor programs", () => {
    const { take, notes } = selectMetadata(
      [
        "tokenizer.json",
        "model-00001-of-00002.safetensors",
        "modeling_slip.py",
        "README.md",
        "llama3v/config.json",
        "a/b/config.json",
        "LICENSE.txt",
        "model.safetensors.index.json",
        "license_plates.png.safetensors",
        "CITATION.cff",
      ].map((path) => file(path)),
    );
    expect(paths(take)).toEqual([
      "llama3v/config.json",
      "README.md",
      "LICENSE.txt",
      "model.safetensors.index.json",
      "CITATION.cff",
      "tokenizer.json",
    ]);
    expect(notes).toEqual([]);
  });

  it("leaves out what is over the bounds, and says so", () => {
    const { take, notes } = selectMetadata([
      file("config.json"),
      file("tokenizer.json", metadataBounds.file + 1),
      file("merges.txt", metadataBounds.file),
      file("vocab.json", metadataBounds.file),
      file("a/vocab.json", metadataBounds.file),
    ]);
    expect(paths(take)).toEqual(["config.json", "a/vocab.json", "merges.txt"]);
    expect(notes).toEqual([
      { code: "file-too-large", path: "tokenizer.json", size: metadataBounds.file + 1 },
      { code: "total-too-large", path: "vocab.json", size: metadataBounds.file },
    ]);
  });

  it("bounds the number of files", () => {
    const many = Array.from({ length: 60 }, (_, i) => file(`f${i}/config.json`));
    const { take, notes } = selectMetadata(many);
    expect(take).toHaveLength(metadataBounds.files);
    expect(notes).toHaveLength(12);
    expect(new Set(notes.map((note) => note.code))).toEqual(new Set(["too-many-files"]));
  });
});
