import { parse } from "yaml";
import { EngineError } from "@/lib/engine/errors";

export interface ModelCard {
  readonly licence: string | null;
  readonly baseModels: readonly string[];
  readonly relation: string | null;
}

/** Front matter of a model card: licence, base_model, base_model_relation. */
export function parseModelCard(bytes: Uint8Array, path: string): ModelCard {
  const text = Buffer.from(bytes)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  const [, front] = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text) ?? [];
  let data: unknown = null;
  try {
    data = front === undefined ? null : parse(front, { maxAliasCount: 0, schema: "failsafe" });
  } catch (cause) {
    throw new EngineError("malformed-file", `${path}: the front matter is not YAML`, { path }, { cause });
  }
  const fields = typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  const word = (value: unknown) => (typeof value === "string" && value !== "" ? value.slice(0, 200) : null);
  const listed = Array.isArray(fields.base_model) ? fields.base_model : [fields.base_model];
  return {
    licence: word(fields.license_name) ?? word(fields.license),
    baseModels: listed.flatMap((base) => word(base) ?? []).slice(0, 32),
    relation: word(fields.base_model_relation),
  };
}
