import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { type MemoryFile, memoryRelease } from "@/tests/support/memory-release";
import { methodInput } from "@/tests/support/method-input";
import { code } from "./index";
import { codingJava, otherCodingJava, textbookCodingJava, upstreamJava } from "./java-fixtures";
import type { CodeStatistics } from "./schema";
import {
  otherRoutesTypeScript,
  routesTypeScript,
  textbookRoutesTypeScript,
  upstreamTypeScript,
} from "./typescript-fixtures";

/** Names that are the language's or its library's: nobody can rename them. */
const givenNames = new Set(
  `export interface class extends private public static final readonly get return const let while for of if else
  this as true false null new throw continue break function undefined try catch finally async await constructor
  string number void boolean int long char double package import
  Map Set Array Number Math Error RangeError Promise setTimeout push pop shift split trim set has add find join
  reverse length min max isInteger
  String Character Long StringBuilder HashMap Entry IllegalArgumentException java util put entrySet getKey getValue
  charAt append toString isEmpty compareTo repeat`.split(/\s+/),
);

/** Comments gone, every name of the author's own replaced by a made-up one (the same everywhere), numbers changed. */
function renamed(source: string): string {
  const tokens = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"\n]*"|'[^'\n]*'|\b[A-Za-z_$][\w$]*|\b10\b/g;
  return source.replace(tokens, (token) => {
    if (/^\/[/*]/.test(token)) return "";
    if (token === "10") return "12";
    return /^["']/.test(token) || givenNames.has(token) ? token : newName(token);
  });
}

/** Letters turned by thirteen and a syllable more: no own name is left, and none meets a given one. */
function newName(name: string): string {
  const turned = [...name].map((letter) => {
    const unit = letter.charCodeAt(0);
    const first = unit >= 97 ? 97 : 65;
    return /[A-Za-z]/.test(letter) ? String.fromCharCode(first + ((unit - first + 13) % 26)) : letter;
  });
  return `${turned.join("")}Um`;
}

/** Braces around single statements, each on a line of its own; tabs, no blank lines, no blanks after commas. */
function reformatted(source: string): string {
  return source
    .replace(/^( *)if \((.+?)\) (?=\w)(.*;)$/gm, "$1if ($2) {\n$1$3\n$1}")
    .replace(/ \{$/gm, "\n{")
    .replace(/^( +)/gm, (indent) => "\t".repeat(indent.length / 2))
    .replace(/, /g, ",")
    .replace(/\n\s*\n+/g, "\n");
}

const typescriptParts = (source: string) => source.split(/\n\n(?=(?:\/\*\*.*\n)?export )/);

/** What stands in the outermost class, cut at the blank lines between its members. */
function javaMembers(source: string): string[] {
  const body = source.slice(
    source.indexOf("{\n", source.indexOf("public class")) + 2,
    source.lastIndexOf("}"),
  );
  return body.split(/\n\n(?= {4}\S)/);
}

const files = (ending: string, contents: readonly string[]): MemoryFile[] =>
  contents.map((content, at) => ({ path: `src/part${at}.${ending}`, content }));

/** Backwards, and dealt out to so many files. */
function dealt(parts: readonly string[], among: number): string[][] {
  const hands: string[][] = Array.from({ length: among }, () => []);
  for (const [at, part] of parts.toReversed().entries()) hands[at % among]?.push(part);
  return hands;
}

const disguisedTypeScript = files(
  "ts",
  dealt(typescriptParts(routesTypeScript), 3).map((parts) => reformatted(renamed(parts.join("\n\n")))),
);
const disguisedJavaScript = disguisedTypeScript.map(({ path, content }) => ({
  path: path.replace(/ts$/, "mjs"),
  content: transformSync(content as string, { loader: "ts", target: "es2022" }).code,
}));
const javaClass = (name: string, members: readonly string[]) =>
  `final class ${name} {\n${reformatted(renamed(members.join("\n\n")))}\n}\n`;
const splitJava = files(
  "java",
  dealt(javaMembers(codingJava), 2).map((members, at) => javaClass(`Half${at}`, members)),
);
const mergedJava = files("java", [
  javaClass("Everything", [...javaMembers(upstreamJava), ...javaMembers(codingJava)].toReversed()),
]);

interface Pair {
  readonly title: string;
  readonly original: readonly MemoryFile[];
  readonly disguised: readonly MemoryFile[];
  /** Some names that have to be found again. */
  readonly names: readonly string[];
}

const pairs: readonly Pair[] = [
  {
    title: "TypeScript, spread over three files",
    original: [{ path: "routes.ts", content: routesTypeScript }],
    disguised: disguisedTypeScript,
    names: ["stops", "distances", "place", "below", "cameFrom", "total"],
  },
  {
    title: "TypeScript, its types taken away",
    original: [{ path: "routes.ts", content: routesTypeScript }],
    disguised: disguisedJavaScript,
    names: ["stops", "distances", "place", "below", "cameFrom", "total"],
  },
  {
    title: "Java, its class in two",
    original: [{ path: "packing/TextPacker.java", content: codingJava }],
    disguised: splitJava,
    names: ["waiting", "filled", "knot", "letter", "uses"],
  },
  {
    title: "Java, two classes in one",
    original: [
      { path: "packing/TextPacker.java", content: codingJava },
      { path: "common/LineTable.java", content: upstreamJava },
    ],
    disguised: mergedJava,
    names: ["waiting", "filled", "cells", "widths", "rows"],
  },
];

interface Family {
  readonly language: string;
  readonly ending: string;
  readonly original: string;
  readonly other: string;
  readonly textbook: string;
  readonly upstream: string;
}

const families: readonly Family[] = [
  {
    language: "TypeScript",
    ending: "ts",
    original: routesTypeScript,
    other: otherRoutesTypeScript,
    textbook: textbookRoutesTypeScript,
    upstream: upstreamTypeScript,
  },
  {
    language: "Java",
    ending: "java",
    original: codingJava,
    other: otherCodingJava,
    textbook: textbookCodingJava,
    upstream: upstreamJava,
  },
];

async function compared(original: ReleaseReader, suspect: ReleaseReader, ancestors: ReleaseReader[] = []) {
  const outcome = await code.run(methodInput({ original, suspect, ancestors }));
  return { outcome, statistics: outcome.statistics as unknown as CodeStatistics };
}

describe("the same program in disguise", { timeout: 60_000 }, () => {
  it.each(pairs)("$title", async ({ original, disguised, names }) => {
    const { outcome, statistics } = await compared(memoryRelease(original), memoryRelease(disguised));
    expect(statistics.sides.suspect.filesWithSyntaxErrors).toBe(0);
    expect(statistics.sides.suspect.files).toBe(disguised.length);
    expect(outcome.says).toBe("same-program");
    expect(Math.min(statistics.covered.original, statistics.covered.suspect)).toBeGreaterThan(0.85);
    expect(statistics.identifierConsistency).toBeGreaterThan(0.95);
    // Only the library's names are left as they were.
    expect(statistics.identifiers.equal).toBeLessThan(0.3);
    expect(statistics.operators.equal).toBeGreaterThan(0.95);
    const map = new Map(statistics.identifierMap.map((entry) => [entry.original, entry.suspect]));
    expect([...map]).toEqual([...map.keys()].map((name) => [name, newName(name)]));
    expect(names.filter((name) => !map.has(name))).toEqual([]);
  });

  it.each(pairs)("$title: alike both ways", async ({ original, disguised }) => {
    const [one, two] = [memoryRelease(original), memoryRelease(disguised)];
    const there = await compared(one, two);
    const back = await compared(two, one);
    expect(back.outcome.says).toBe(there.outcome.says);
    expect(swapped(back.statistics)).toEqual(there.statistics);
  });
});

describe("honest programs", { timeout: 60_000 }, () => {
  const file = (path: string, content: string): MemoryFile => ({ path, content });

  it.each(families)("$language: three authors of one well-known algorithm", async (family) => {
    const { ending, original, other, textbook } = family;
    const releases = [original, other, textbook].map((content) =>
      memoryRelease([file(`program.${ending}`, content)]),
    );
    for (const [at, one] of releases.entries()) {
      for (const two of releases.slice(at + 1)) {
        const there = await compared(one, two);
        expect(there.statistics.sides.suspect.filesWithSyntaxErrors).toBe(0);
        expect(there.outcome.says).toBe("nothing-shared");
        expect(there.statistics.pairs.strong).toBe(0);
        expect(there.statistics.score).toBeLessThan(0.4);
        const back = await compared(two, one);
        expect(back.outcome.says).toBe("nothing-shared");
        expect(swapped(back.statistics)).toEqual(there.statistics);
      }
    }
  });

  it.each(families)("$language: what both took from a common upstream", async (family) => {
    const { ending, original, other, upstream } = family;
    const mine = memoryRelease([file(`own.${ending}`, original), file(`taken.${ending}`, upstream)]);
    const theirs = memoryRelease([
      file(`other.${ending}`, other),
      file(`lib/kept.${ending}`, reformatted(renamed(upstream))),
    ]);
    const ancestor = memoryRelease([file(`upstream.${ending}`, upstream)]);
    const without = await compared(mine, theirs);
    expect(without.outcome.says).toBe("parts-shared");
    expect(without.statistics.ancestors).toBeNull();
    const there = await compared(mine, theirs, [ancestor]);
    expect(there.outcome.says).toBe("nothing-shared");
    expect(there.statistics.ancestors?.ofMatched).toBeGreaterThan(0.8);
    const back = await compared(theirs, mine, [ancestor]);
    expect(back.outcome.says).toBe("nothing-shared");
    expect(swapped(back.statistics)).toEqual(there.statistics);
  });

  it("a program in one language is not compared with one in another", async () => {
    const { outcome, statistics } = await compared(
      memoryRelease([file("routes.ts", routesTypeScript)]),
      memoryRelease([file("TextPacker.java", codingJava)]),
    );
    expect(outcome.says).toBe("nothing-shared");
    expect(statistics.pairs.matched).toBe(0);
  });
});

/** Exchanges everything that is named by side. */
function swapped<T>(value: T): T {
  if (Array.isArray(value)) return value.map(swapped) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const other = key === "original" ? "suspect" : key === "suspect" ? "original" : key;
    return [other, swapped(item)];
  });
  return Object.fromEntries(entries) as T;
}
