import { createHash } from "node:crypto";
import { hex, type Leaf, parseLeaf, payloadOfPae, text } from "@/lib/engine/log";
import type { BlobStore } from "@/lib/platform/blobs";
import type { KeptEntry } from "./kept-entries";
import { saltOf } from "./statement-signer";

export interface RecoveredEntry {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly parsed: Leaf;
  readonly pendingId: string;
  readonly dedupKey: string;
  readonly about: string;
  /** Null when the statement was redacted, or its signer's key is not known any more. */
  readonly stated: { readonly statement: string; readonly publicKey: Uint8Array } | null;
}

/**
 * An entry as the database had it: the leaf from the log, the statement from the blobs, the rest as it was kept beside
 * them; where that is lost, as well as it can be told from the statement.
 */
export async function recoverEntry(
  blobs: BlobStore,
  index: number,
  leaf: Uint8Array,
  kept: KeptEntry | null,
  keys: readonly Uint8Array[],
): Promise<RecoveredEntry> {
  const parsed = parseLeaf(leaf);
  const encoding = await blobs.get(hex(parsed.pae));
  const statement = encoding === null ? null : text(payloadOfPae(encoding));
  const predicate = statement === null ? {} : (JSON.parse(statement) as { predicate: Predicate }).predicate;
  const own = kept?.publicKey == null ? [] : [new Uint8Array(Buffer.from(kept.publicKey, "base64"))];
  const publicKey = statement === null ? undefined : signerOf(parsed, predicate, [...own, ...keys]);
  return {
    index,
    leaf,
    parsed,
    // Never an id of a pending row.
    pendingId: kept?.pendingId ?? String(-1 - index),
    dedupKey: kept?.dedupKey ?? `recovered:${index}`,
    about: kept?.about ?? aboutOf(predicate),
    stated: statement === null || publicKey === undefined ? null : { statement, publicKey },
  };
}

type Predicate = Readonly<Record<string, unknown>>;

/** The leaf names its key by hash(salt ‖ key): the one of those known that fits. */
function signerOf(leaf: Leaf, predicate: Predicate, keys: readonly Uint8Array[]): Uint8Array | undefined {
  const salt = saltOf(predicate);
  const wanted = hex(leaf.key);
  return keys.find((spki) => createHash("sha256").update(salt).update(spki).digest("hex") === wanted);
}

function aboutOf(predicate: Predicate): string {
  const own = (predicate["urn:slipmark:statement:verify:v1"] ?? predicate) as Predicate;
  for (const field of ["case", "model", "run"] as const)
    if (typeof own[field] === "string") return `${field}:${own[field]}`;
  for (const field of ["set", "setId"] as const)
    if (typeof own[field] === "string") return `canary:${own[field]}`;
  return "log";
}
