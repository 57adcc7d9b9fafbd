import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const engine = join(import.meta.dirname, "..");
const importOf =
  /(?:^|\n)\s*(import|export)(\s+type\b)?[^;"]*?\bfrom\s*"([^"]+)"|(?:^|\n)import\s*"([^"]+)"/g;

/** Every module that a browser would load for the entry, and every package with the module that names it. */
function reached(entry: string): { readonly modules: Set<string>; readonly packages: Map<string, string> } {
  const modules = new Set<string>();
  const packages = new Map<string, string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (modules.has(file)) continue;
    modules.add(file);
    for (const [, , type, from, bare] of readFileSync(file, "utf8").matchAll(importOf)) {
      const name = from ?? bare ?? "";
      if (type !== undefined) continue;
      if (!name.startsWith(".")) packages.set(name, relative(engine, file));
      else {
        const base = join(dirname(file), name);
        waiting.push([`${base}.ts`, join(base, "index.ts")].find(existsSync) ?? base);
      }
    }
  }
  return { modules, packages };
}

test.each(["index.ts", "judge/index.ts", "transcript/index.ts"])(
  "canary/%s leads to nothing of Node's and nothing outside of the engine",
  (entry) => {
    const { modules, packages } = reached(join(import.meta.dirname, entry));
    // That the walk walks: both lie two steps away.
    if (entry === "index.ts") {
      expect(modules).toContain(join(engine, "log/tree.ts"));
      expect([...packages.keys()]).toContain("@noble/hashes/scrypt.js");
    }
    for (const file of modules) expect(relative(engine, file)).not.toMatch(/^\.\.|^io\//);
    for (const [name, file] of packages)
      expect(`${file}: ${name}`).toMatch(
        /: (@noble\/(curves|ciphers|hashes|ed25519)(\/.*)?|canonicalize|opencc-js\/t2cn|zod)$/,
      );
  },
);
