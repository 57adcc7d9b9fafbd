import { readFileSync } from "node:fs";
import { packagePath } from "./files";

const font = "@fontsource/noto-serif-sc";

/** Code points that the font package has drawings of, from the ranges it declares. */
function covered(): (character: string) => boolean {
  const declared = JSON.parse(readFileSync(packagePath(`${font}/unicode.json`), "utf8"));
  const ranges = Object.values(declared as Record<string, string>)
    .flatMap((list) => list.split(","))
    .map((range) => {
      const [from, to] = range.trim().slice(2).split("-");
      return [Number.parseInt(from!, 16), Number.parseInt(to ?? from!, 16)] as const;
    });
  return (character) => {
    const point = character.codePointAt(0)!;
    return ranges.some(([from, to]) => from <= point && point <= to);
  };
}

/** Han characters of GB 2312 in the order of its rows `from` … `to`: level 1 is 16–55, level 2 is 56–87. */
function gb2312(from: number, to: number): string[] {
  const decoder = new TextDecoder("gb2312");
  const list: string[] = [];
  for (let row = from; row <= to; row++) {
    for (let cell = 1; cell <= 94; cell++) {
      const character = decoder.decode(Uint8Array.of(0xa0 + row, 0xa0 + cell));
      if (/^\p{Script=Han}$/u.test(character)) list.push(character);
    }
  }
  return list;
}

/**
 * What the characters of a set are drawn from, in the order of code points: every third of the rare characters of
 * GB 2312 (level 2) that the font has, and every seventh of the common ones (level 1).
 */
export function alphabet(): string {
  const has = covered();
  const everyNth = (list: readonly string[], n: number) => list.filter(has).filter((_, i) => i % n === 0);
  const chosen = [...everyNth(gb2312(56, 87), 3), ...everyNth(gb2312(16, 55), 7)];
  return chosen.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!).join("");
}
