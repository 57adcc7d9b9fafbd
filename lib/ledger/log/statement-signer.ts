import { createHash } from "node:crypto";
import { formatLeaf, fromHex, type LeafKind, LogError, pae, statementMediaType } from "@/lib/engine/log";
import type { InstanceKeys, KeyRole } from "./keys";

export interface PendingRow {
  readonly kind: string;
  readonly statement: string;
  readonly t: Date;
  /** The author's own signature; null: the instance signs. */
  readonly signature: Uint8Array | null;
  readonly public_key: Uint8Array | null;
}

export interface SignedAct {
  readonly leaf: Uint8Array;
  /** Hex. */
  readonly pae: string;
  /** SubjectPublicKeyInfo of the signer. */
  readonly spki: Uint8Array;
}

/** The leaf of a pending act, with the author's signature or, without one, that of the key its kind belongs to. */
export function signAct(row: PendingRow, keys: InstanceKeys): SignedAct {
  const statement = JSON.parse(row.statement) as { readonly predicate: Readonly<Record<string, unknown>> };
  const encoding = pae(statementMediaType, Buffer.from(row.statement, "utf8"));
  const key = keys.of(roleOf(row.kind, statement.predicate));
  const own = row.signature !== null && row.public_key !== null;
  const spki = own ? new Uint8Array(row.public_key) : key.spki;
  const sig = own ? new Uint8Array(row.signature) : key.sign(encoding);
  const digest = createHash("sha256").update(encoding).digest();
  const leaf = formatLeaf({
    key: createHash("sha256").update(saltOf(statement.predicate)).update(spki).digest(),
    kind: row.kind as LeafKind,
    pae: digest,
    sig,
    t: row.t.toISOString(),
  });
  return { leaf, pae: digest.toString("hex"), spki };
}

/** Which of the instance's keys signs for this act. */
function roleOf(kind: string, predicate: Readonly<Record<string, unknown>>): KeyRole {
  if (kind === "verify") return "run";
  if (kind === "tombstone" || kind === "moderate" || kind === "recall") return "moderator";
  const fingerprint = predicate.fingerprint as { readonly origin?: unknown } | null | undefined;
  return kind === "observe" && fingerprint?.origin === "computed" ? "run" : "site";
}

/** The 32-byte salt of a statement; in a verification summary it stands in our extension. */
export function saltOf(predicate: Readonly<Record<string, unknown>>): Uint8Array {
  const own = (predicate["urn:slipmark:statement:verify:v1"] ?? predicate) as { readonly salt?: unknown };
  if (typeof own.salt !== "string") throw new LogError("malformed", "the statement has no salt");
  return fromHex(own.salt, 32);
}
