import { parseDocument } from "yaml";
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
  if (yaml.length > maxFrontMatter) return null;
  let value: Json;
  try {
    const document = parseDocument(yaml, { schema: "core", uniqueKeys: true, logLevel: "silent" });
    if (document.errors.length > 0) return null;
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

/** One text or a list of texts; anything else is left out. Long ones and long lists are cut, always alike. */
function texts(value: Json | undefined): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items
    .filter((item): item is string => typeof item === "string" && item.trim() !== "")
    .slice(0, maxItems)
    .map((item) => item.trim().slice(0, maxLength).toWellFormed());
}
