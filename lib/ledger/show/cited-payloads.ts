import { citedPayloads as citedBy } from "@/lib/engine/log";

/** Hex digests of the payloads that a statement (canonical JSON) cites, sorted. */
export function citedPayloads(statement: string): string[] {
  return [...citedBy(JSON.parse(statement))].sort();
}
