import fc from "fast-check";
import { expect, test } from "vitest";
import { EngineError } from "../../errors";
import { formatSourceSpec, parseSourceSpec } from "./spec";

const hf = (repository: string, revision: string | null = null) => ({ kind: "hf", repository, revision });
const github = (repository: string, revision: string | null = null) => ({
  kind: "github",
  repository,
  revision,
});

test.each([
  ["./dir", { kind: "folder", repository: "./dir", revision: null }],
  ["/abs/dir", { kind: "folder", repository: "/abs/dir", revision: null }],
  ["../up", { kind: "folder", repository: "../up", revision: null }],
  [".", { kind: "folder", repository: ".", revision: null }],
  ["fingerprint.json", { kind: "fingerprint", repository: "fingerprint.json", revision: null }],
  ["./prints/Mine.JSON", { kind: "fingerprint", repository: "./prints/Mine.JSON", revision: null }],
  ["/abs/fp.json", { kind: "fingerprint", repository: "/abs/fp.json", revision: null }],
  ["hf:org/name.json", hf("org/name.json")],
  ["https://huggingface.co/org/name/blob/main/fingerprint.json", hf("org/name", "main")],
  ["hf:org/name", hf("org/name")],
  [" hf:org/name@refs/pr/1 ", hf("org/name", "refs/pr/1")],
  ["HF:Org/Na.me_x-1@v1.0", hf("Org/Na.me_x-1", "v1.0")],
  ["github:org/name@main", github("org/name", "main")],
  ["https://huggingface.co/org/name", hf("org/name")],
  ["https://huggingface.co/org/name/tree/refs%2Fpr%2F3", hf("org/name", "refs/pr/3")],
  ["https://huggingface.co/org/name/blob/main/config.json?x=1#l", hf("org/name", "main")],
  ["https://hf-mirror.com/org/name/commit/abc123", hf("org/name", "abc123")],
  ["http://127.0.0.1:4100/org/name/tree/main", hf("org/name", "main")],
  ["https://github.com/org/name.git", github("org/name")],
  ["https://github.com/org/name/tree/v2/src", github("org/name", "v2")],
  ["https://github.com/org/name/releases/tag/v2", github("org/name", "v2")],
])("%s", (text, expected) => {
  expect(parseSourceSpec(text, { hubOrigin: "http://127.0.0.1:4100" })).toEqual(expected);
});

test.each([
  "",
  "name",
  "org/name",
  "hf:name",
  "hf:a/b/c",
  "hf:../name",
  "hf:org/..",
  "hf:org/na me",
  "hf:org/name@",
  "hf:org/name@a..b",
  "hf:org/name@-x",
  "hf:org/name@a\nb",
  "hf:org/name?x",
  "https://huggingface.co/datasets/org/name",
  "https://huggingface.co/org",
  "https://example.org/org/name",
  "http://127.0.0.1:4101/org/name",
  "https://user:secret@huggingface.co/org/name",
  "https://huggingface.co/org/%E0%A4%A",
  "ftp://huggingface.co/org/name",
  "https://",
  `hf:org/${"x".repeat(200)}`,
])("refuses %j", (text) => {
  expect(() => parseSourceSpec(text, { hubOrigin: "http://127.0.0.1:4100" })).toThrow(EngineError);
});

test("any text gives a source or one clear error, and a source survives being printed", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((s) => `hf:a/${s}`),
        fc.string().map((s) => `https://huggingface.co/a/${s}`),
      ),
      (text) => {
        try {
          const spec = parseSourceSpec(text);
          expect(parseSourceSpec(formatSourceSpec(spec))).toEqual(spec);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      },
    ),
  );
});
