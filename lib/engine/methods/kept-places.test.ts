import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { axesTable } from "./weights-independence/admissible-axes";

const project = join(import.meta.dirname, "../../..");
const methods = readFileSync(join(project, "docs/METHODS.md"), "utf8");

const section =
  /\n## Where an innocent would be accused, or a copy missed\n([\s\S]*?)\n## /.exec(methods)?.[1] ?? "";
const rows = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| place"));

test("METHODS lists the places where an innocent would be accused, or a copy missed", () => {
  expect(rows.length).toBeGreaterThan(30);
});

test.each(rows)("a test keeps: %s", (row) => {
  const kept = [...row.matchAll(/`([^`]+)`((?:,? "[^"]+")+)/g)];
  expect(kept.length).toBeGreaterThan(0);
  for (const [, path = "", titles = ""] of kept) {
    expect(existsSync(join(project, path)), path).toBe(true);
    const text = readFileSync(join(project, path), "utf8");
    for (const [, title = ""] of titles.matchAll(/"([^"]+)"/g)) expect(text).toContain(title);
  }
});

test("METHODS' table of axes is the one that the engine follows", () => {
  for (const line of axesTable().split("\n").slice(2)) expect(methods).toContain(line);
});
