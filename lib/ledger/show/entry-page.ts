import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { hex, leafHash } from "@/lib/engine/log";
import type { Database } from "@/lib/platform/database";
import { type DateBasisKind, dateBasis } from "../dates";
import { type RedactionDto, redactionOfEntry } from "../redaction/read-redaction";
import { type About, aboutLog, readAbout } from "./about";
import { citedPayloads } from "./cited-payloads";
import { envelopeOf, pemOf } from "./envelope";
import { type ProofState, proofState, reachOf } from "./proof-state";
import { type EntryRecall, recallsOf } from "./recalls";

export type SignerRole = "log" | "site" | "run" | "moderator" | "author";

export interface EntryPage {
  readonly index: number;
  readonly kind: string;
  readonly about: About;
  /** ISO time, as the log states it. */
  readonly t: string;
  readonly proof: ProofState;
  /** Entries under the newest published checkpoint. */
  readonly size: number;
  /** The bytes that are hashed into the tree: canonical JSON. */
  readonly leaf: string;
  readonly leafHash: string;
  /** Hex SHA-256 of the statement's DSSE pre-authentication encoding: its address among the blobs. */
  readonly pae: string;
  /** What was stated, as canonical JSON; null once redacted. */
  readonly statement: string | null;
  /** The same in its DSSE envelope. */
  readonly envelope: string | null;
  readonly signer: { readonly role: SignerRole; readonly keyId: string; readonly pem: string } | null;
  /** Payloads that the statement cites, by hex digest, and whether their bytes are still here. */
  readonly payloads: readonly { readonly digest: string; readonly here: boolean }[];
  /** When, on what ground and under which tombstone something of it was redacted. */
  readonly redaction: RedactionDto | null;
  /** Versions of methods that it states results of, and that were recalled since: nothing rests on these any more. */
  readonly recalled: readonly EntryRecall[];
  /** When the first checkpoint over it was made. */
  readonly since: string | null;
  /** On what its date rests, and the earliest date that others give; null when only our word says so. */
  readonly basis: DateBasisKind;
  readonly noLaterThan: string | null;
  readonly witnesses: readonly { readonly name: string; readonly size: number; readonly time: string }[];
  readonly timestamps: readonly {
    readonly authority: string;
    readonly size: number;
    readonly time: string;
  }[];
}

/** Everything the page of an entry shows; null when there is no entry of this number. The same for every reader. */
export async function entryPage(ctx: { readonly db: Database }, index: number): Promise<EntryPage | null> {
  const { db } = ctx;
  const entry = await db.logEntry.findUnique({ where: { index: BigInt(index) } });
  if (entry === null) return null;
  const [stated, reach, abouts, basis, redaction] = await Promise.all([
    db.logStatement.findUnique({ where: { index: entry.index } }),
    reachOf(db),
    readAbout(db, [entry.about]),
    dateBasis(db, index),
    redactionOfEntry(db, entry.dedupKey),
  ]);
  const leaf = Buffer.from(entry.leaf);
  return {
    index,
    kind: entry.kind,
    about: abouts.get(entry.about) ?? aboutLog,
    t: entry.t.toISOString(),
    proof: proofState(index, reach, stated === null),
    size: reach.published,
    leaf: leaf.toString("utf8"),
    leafHash: hex(leafHash(leaf)),
    pae: entry.pae,
    statement: stated?.statement ?? null,
    envelope: stated === null ? null : envelopeOf(stated.statement, leaf, stated.publicKey),
    signer:
      stated === null
        ? null
        : {
            role: await signerRole(db, stated.publicKey),
            keyId: sha256Hex(stated.publicKey),
            pem: pemOf(stated.publicKey),
          },
    payloads: stated === null ? [] : await payloadsHere(db, citedPayloads(stated.statement)),
    redaction,
    recalled: stated === null ? [] : await recallsOf(db, stated.statement),
    since: basis?.firstCheckpoint?.time ?? null,
    basis: basis?.basis ?? "our-word",
    noLaterThan: basis?.noLaterThan ?? null,
    witnesses: basis?.witnesses ?? [],
    timestamps: basis?.timestamp ? [basis.timestamp] : [],
  };
}

async function signerRole(db: Database, publicKey: Uint8Array): Promise<SignerRole> {
  const key = await db.logKey.findUnique({
    where: { publicKey: new Uint8Array(publicKey) },
    select: { role: true },
  });
  const role = key?.role;
  return role === "log" || role === "site" || role === "run" || role === "moderator" ? role : "author";
}

async function payloadsHere(db: Database, digests: readonly string[]): Promise<EntryPage["payloads"]> {
  const rows = await db.logPayload.findMany({
    where: { digest: { in: digests.map((digest) => `sha256:${digest}`) } },
    select: { digest: true },
  });
  const here = new Set(rows.map((row) => row.digest));
  return digests.map((digest) => ({ digest, here: here.has(`sha256:${digest}`) }));
}
