import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  isLiteralElement,
  isPluralElement,
  isPoundElement,
  isSelectElement,
  isTagElement,
  type MessageFormatElement,
  parse,
} from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import { locales } from "./locales";

type Tree = { readonly [key: string]: string | Tree };

const root = join(import.meta.dirname, "..", "messages");
const namespaces = (locale: string) => readdirSync(join(root, locale)).sort();
const read = (locale: string, file: string): Tree =>
  JSON.parse(readFileSync(join(root, locale, file), "utf8"));

function leaves(tree: Tree, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path === "" ? key : `${path}.${key}`;
    if (typeof value === "string") found.set(here, value);
    else for (const [below, text] of leaves(value, here)) found.set(below, text);
  }
  return found;
}

/** Names of the values and tags a message takes. A message that is not valid ICU throws here. */
function placeholders(text: string): string[] {
  const names = new Set<string>();
  const visit = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (isLiteralElement(element) || isPoundElement(element)) continue;
      names.add(element.value);
      if (isTagElement(element)) visit(element.children);
      if (isPluralElement(element) || isSelectElement(element))
        for (const option of Object.values(element.options)) visit(option.value);
    }
  };
  visit(parse(text));
  return [...names].sort();
}

/** What is said only to be set aside stands in quotation marks. */
const withoutQuoted = (text: string): string => text.replace(/[“「][^”」]*[”」]/g, "");

describe("messages", () => {
  it("has the same namespaces in every language", () => {
    for (const locale of locales) expect(namespaces(locale)).toEqual(namespaces("en"));
  });

  describe.each(namespaces("en"))("%s", (file) => {
    const english = leaves(read("en", file));
    const chinese = leaves(read("zh", file));

    it("has the same keys", () => {
      expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    });

    it("takes the same values", () => {
      for (const [key, text] of english) {
        expect({ key, values: placeholders(chinese.get(key) ?? "") }).toEqual({
          key,
          values: placeholders(text),
        });
      }
    });

    it("is written, not left in the other language", () => {
      const copied = [...english].filter(
        ([key, text]) =>
          /[a-z]{4,} [a-z]{3,}/i.test(text.replace(/\{[^}]*\}|`[^`]*`|<[^>]*>/g, "")) &&
          chinese.get(key) === text,
      );
      expect(copied).toEqual([]);
    });

    it("speaks of similarity and derivation, never of theft", () => {
      const words = /抄袭|剽窃|窃取|盗用|plagiari|stolen|theft|guilty/i;
      const refused = [...english, ...chinese].filter(([, text]) => words.test(withoutQuoted(text)));
      expect(refused).toEqual([]);
    });
  });
});
