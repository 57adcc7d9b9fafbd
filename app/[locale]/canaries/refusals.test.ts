import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "@/messages/en/canaries.json";
import errors from "@/messages/en/errors.json";

/** What the commands of canaries refuse, by the codes in their source: a form says each of them in words. */
function codes(): string[] {
  const files = (readdirSync("lib/canaries", { recursive: true }) as string[]).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  const found = files.flatMap((name) => {
    const source = readFileSync(join("lib/canaries", name), "utf8");
    return [...source.matchAll(/\b(?:refuse|wrong)\("([a-z0-9-]+)"|fields: \{ [^}"]*"([a-z0-9-]+)" \}/g)];
  });
  return [...new Set(found.flatMap(([, one, other]) => one ?? other ?? []))];
}

/** Codes of the engine, from its own list. */
function engineCodes(): string[] {
  const source = readFileSync("lib/engine/canary/errors.ts", "utf8");
  return [...source.slice(0, source.indexOf("export class")).matchAll(/^ {2}\| "([a-z-]+)"/gm)].flatMap(
    ([, code]) => code ?? [],
  );
}

const said = (code: string) => code in en.refusals || code in en.problems || code in errors;

test("every refusal of a canary form has a sentence", () => {
  expect(codes().length).toBeGreaterThan(25);
  expect(codes().filter((code) => !said(code))).toEqual([]);
});

test("and every code of the engine, whose files come in through forms", () => {
  expect(engineCodes().length).toBeGreaterThan(25);
  expect(engineCodes().filter((code) => !said(code))).toEqual([]);
});
