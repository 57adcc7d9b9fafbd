import { type Document, isScalar, parseDocument, visit } from "yaml";
import type { Json } from "../methods/method";
import { isObject } from "./json-shape";

/** What a model card's front matter declares, cut to bounds. */
export interface CardDeclaration {
  readonly baseModels: readonly string[];
  readonly relation: string | null;
  readonly licences: readonly string[];
  readonly licenceName: string | null;
  readonly datasets: readonly string[];
  readonly tags: readonly string[];
}

export interface ModelCard {
  /** Null where the card has no front matter. */
  readonly declaration: CardDeclaration | null;
  /** True where there is front matter that is not the YAML map it should be; nothing of it is used. */
  readonly malformedFrontMatter: boolean;
  /** The text without the front matter. */
  readonly text: string;
}

const maxFrontMatter = 256 * 1024;
const maxNesting = 1000;
const maxItems = 64;
const maxLength = 300;

/**
 * Reads a card as the Hub does: YAML between two "---" lines at the very start. Only plain data is accepted: no
 * aliases (they can grow without bound), no tags of its own, core schema, unique keys. A broken card is honest news
 * about the card, not an error of the run.
 */
export function parseModelCard(bytes: Uint8Array): ModelCard {
  const whole = new TextDecoder("utf-8").decode(bytes).replace(/\r\n?/g, "\n");
  if (!whole.startsWith("---\n")) return { declaration: null, malformedFrontMatter: false, text: whole };
  const end = whole.indexOf("\n---", 3);
  if (end === -1) return { declaration: null, malformedFrontMatter: true, text: whole };
  const text = whole.slice(end + 4);
  const declaration = declarationFrom(whole.slice(4, end + 1));
  return { declaration, malformedFrontMatter: declaration === null, text };
}

function declarationFrom(yaml: string): CardDeclaration | null {
  if (yaml.length > maxFrontMatter || isNested(yaml)) return null;
  let value: Json;
  try {
    // The library's own check of unique keys compares each with each: half a minute for the largest front matter.
    const document = parseDocument(yaml, { schema: "core", uniqueKeys: false, logLevel: "silent" });
    if (document.errors.length > 0 || hasKeyTwice(document)) return null;
    value = document.toJS({ maxAliasCount: 0 }) as Json;
  } catch {
    return null;
  }
  if (value === null) value = {};
  if (!isObject(value)) return null;
  return {
    baseModels: texts(value.base_model),
    relation: texts(value.base_model_relation)[0] ?? null,
    licences: texts(value.license),
    licenceName: texts(value.license_name)[0] ?? null,
    datasets: texts(value.datasets),
    tags: texts(value.tags),
  };
}

/** More brackets open than any card has: the parser would take seconds to say that they are never closed. */
function isNested(yaml: string): boolean {
  let open = 0;
  for (const character of yaml) {
    if (character === "[" || character === "{") open += 1;
    else if ((character === "]" || character === "}") && open > 0) open -= 1;
    if (open > maxNesting) return true;
  }
  return false;
}

function hasKeyTwice(document: Document.Parsed): boolean {
  let twice = false;
  visit(document, {
    Map(_, map) {
      const keys = map.items.flatMap(({ key }) => (isScalar(key) ? [key.value] : []));
      twice = new Set(keys).size < keys.length;
      return twice ? visit.BREAK : undefined;
    },
  });
  return twice;
}

/** One text or a list of texts; anything else is left out. Long ones and long lists are cut, always alike. */
function texts(value: Json | undefined): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items
    .filter((item): item is string => typeof item === "string" && item.trim() !== "")
    .slice(0, maxItems)
    .map((item) => item.trim().slice(0, maxLength).toWellFormed());
}
