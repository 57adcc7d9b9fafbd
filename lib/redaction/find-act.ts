import { createHash } from "node:crypto";
import { pae, statementMediaType, utf8 } from "@/lib/engine/log";
import type { Transaction } from "@/lib/platform/database";

/** A public act, in the log or waiting for it. */
export interface FoundAct {
  readonly dedupKey: string;
  readonly kind: string;
  readonly about: string;
  /** Null while it waits for the log. */
  readonly index: number | null;
  /** Hex: the statement's address among the blobs. */
  readonly pae: string;
  /** Canonical JSON; null once redacted. */
  readonly statement: string | null;
  /** "sha256:…" of all payloads that it cites. */
  readonly payloads: readonly string[];
}

export type ActName = { readonly index: number } | { readonly dedupKey: string };

/** By its number in the log, or by the key of the command that recorded it, which it has before it has a number. */
export async function findAct(tx: Transaction, name: ActName): Promise<FoundAct | null> {
  const entry = await tx.logEntry.findUnique({
    where: "index" in name ? { index: BigInt(name.index) } : { dedupKey: name.dedupKey },
  });
  if (entry !== null) {
    const stated = await tx.logStatement.findUnique({ where: { index: entry.index } });
    const { dedupKey, kind, about, pae } = entry;
    return {
      dedupKey,
      kind,
      about,
      pae,
      index: Number(entry.index),
      statement: stated?.statement ?? null,
      payloads: stated?.payloads ?? [],
    };
  }
  if ("index" in name) return null;
  const pending = await tx.logPending.findUnique({ where: { dedupKey: name.dedupKey } });
  if (pending === null) return null;
  const { dedupKey, kind, about, statement, payloads } = pending;
  const encoding = pae(statementMediaType, utf8(statement));
  return {
    dedupKey,
    kind,
    about,
    statement,
    payloads,
    index: null,
    pae: createHash("sha256").update(encoding).digest("hex"),
  };
}

/** What a statement says, for whoever needs a field of it. In a verification summary it stands in our extension. */
export function predicateOf(statement: string): Readonly<Record<string, unknown>> {
  const { predicate } = JSON.parse(statement) as { readonly predicate: Record<string, unknown> };
  return (predicate["urn:slipmark:statement:verify:v1"] as Record<string, unknown> | undefined) ?? predicate;
}

/** "sha256:…" of the payload with the actor's public name; null when the site acted. */
export function actorName(statement: string): string | null {
  const { actor } = predicateOf(statement) as { readonly actor?: { readonly name?: string | null } };
  return actor?.name ?? null;
}
