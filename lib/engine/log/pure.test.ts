import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";

const folder = import.meta.dirname;
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
);

test("there are sources to look at", () => {
  expect(sources).toContain("index.ts");
});

test.each(sources)("%s imports nothing of Slipmark's and nothing of Node's", (name) => {
  const source = readFileSync(join(folder, name), "utf8");
  const found = [...source.matchAll(/(?:\bfrom|\bimport\(?)\s*"([^"]+)"/g)].map(([, from]) => from as string);
  for (const from of found) {
    if (from.startsWith(".")) expect(posix.join(posix.dirname(name), from)).not.toMatch(/^\.\./);
    else expect(from).toMatch(/^(@noble\/(ed25519|hashes\/sha2\.js)|canonicalize|zod)$/);
  }
});
