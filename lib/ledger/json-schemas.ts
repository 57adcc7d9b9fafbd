import { z } from "zod";
import { predicates, type UsedKind } from "./predicates";

/** JSON Schema of the predicate of one kind of statement, as text. Made from the schema that validates. */
export function predicateSchema(kind: UsedKind): string {
  const schema = {
    $id: `urn:slipmark:statement:${kind}:v1`,
    title: `Predicate of a "${kind}" statement, version 1`,
    ...z.toJSONSchema(predicates[kind]),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** All of them, by the name they are published under. */
export function statementSchemas(): ReadonlyMap<string, string> {
  const kinds = Object.keys(predicates) as UsedKind[];
  return new Map(kinds.map((kind) => [`statement.${kind}.v1.json`, predicateSchema(kind)]));
}
