import { sha256 } from "@noble/hashes/sha2.js";
import {
  type BundleFiles,
  fileOf,
  redactionOf,
  refused,
  spkiOfPem,
  verifierKeys,
  within,
} from "./bundle-files";
import { checkPayloads } from "./bundle-payloads";
import { concat, equal, fromHex, hex, text } from "./bytes";
import { openCheckpoint, trustIn } from "./checkpoint";
import { type Cosignature, verifyCosignatures } from "./cosignature";
import { pae, parseEnvelope, statementMediaType, verifyEnvelope } from "./dsse";
import { LogError, type LogErrorCode } from "./errors";
import { type Leaf, parseLeaf } from "./leaf";
import { parseVerifierKey, signatureTypes, type VerifierKey } from "./note";
import { strictJson } from "./strict-json";
import { parseProof, type TlogProof } from "./tlog-proof";
import { leafHash, verifyInclusion } from "./tree";

export interface BundleTrust {
  /** Verifier keys of the log that the reader trusts; null: those in the bundle, which then agrees with itself only. */
  readonly logKeys: readonly string[] | null;
  /** Verifier keys of witnesses; null: those in the bundle. */
  readonly witnessKeys: readonly string[] | null;
}

export type BundleStepId =
  | "leaf"
  | "statement"
  | "belongs"
  | "payloads"
  | "redacted"
  | "checkpoint"
  | "inclusion"
  | "witness"
  | "timestamp"
  | "files";

/**
 * One check: what was checked (by its id) and whether it holds. `detail` is the facts, in no language; of a check that
 * fails the error's English sentence, which names the file first, and `code` its kind.
 */
export interface BundleStep {
  readonly id: BundleStepId;
  readonly ok: boolean;
  readonly detail: string;
  readonly code: LogErrorCode | null;
}

/**
 * Checks everything in a bundle that needs no more than hashes and Ed25519, in this order: leaf, statement and its
 * signature, cited payloads, signed checkpoint, inclusion, cosignatures, that the timestamp is about the same checkpoint.
 * The timestamp's own signature is not checked here (that needs X.509; verify.py does it by openssl).
 * Stops after the first step that fails; never throws for what is in the files.
 */
export function verifyBundle(files: BundleFiles, trust: BundleTrust): readonly BundleStep[] {
  const steps: BundleStep[] = [];
  let id: BundleStepId = "leaf";
  const begin = (next: BundleStepId): void => {
    id = next;
  };
  const done = (detail: string): void => void steps.push({ id, ok: true, detail, code: null });
  try {
    const leafBytes = fileOf(files, "leaf.json");
    const leaf = within("leaf.json", () => parseLeaf(leafBytes));
    done(`${leaf.kind}, ${leaf.t}`);
    begin("redacted");
    const redacted = redactionOf(files);
    if (redacted?.statement) {
      if (files.has("statement.json")) throw refused("redacted.json", "statement.json was not taken down");
      done(`tombstone ${redacted.tombstone}`);
    } else {
      begin("statement");
      const { statement, keyId } = signedStatement(files);
      done(`SHA-256 ${keyId}`);
      begin("belongs");
      belongsTo(leaf, statement);
      done(`SHA-256 ${hex(leaf.pae)}`);
      begin("payloads");
      done(checkPayloads(files, statement.payload, redacted?.payloads ?? []));
    }
    begin("checkpoint");
    const keys = logKeys(files, trust);
    const proof = within("entry.tlog-proof", () => parseProof(fileOf(files, "entry.tlog-proof")));
    const checkpoint = within("entry.tlog-proof", () => openCheckpoint(proof.checkpoint, trustIn(keys)));
    done(`${checkpoint.origin}, ${checkpoint.size}`);
    begin("inclusion");
    within("entry.tlog-proof", () =>
      verifyInclusion({
        ...checkpoint,
        index: proof.index,
        leafHash: leafHash(leafBytes),
        proof: proof.hashes,
      }),
    );
    done(`${proof.index} < ${checkpoint.size}`);
    begin("witness");
    for (const { key, time } of witnesses(files, proof, keys, trust)) done(`${key.name}, ${timeOf(time)}`);
    begin("timestamp");
    if (timestampNames(files, checkpoint.note.text, keys)) done("timestamp.tsr");
    begin("files");
    for (const name of files.keys())
      if (!known.test(name)) throw refused(name, "does not belong here: nothing vouches for it");
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    steps.push({ id, ok: false, detail: error.message, code: error.code });
  }
  return steps;
}

const known =
  /^((statement|leaf|redacted)\.json|entry\.tlog-proof|public-key\.pem|log\.vkey|witnesses\.vkeys|timestamp(\.tsr|\.note|-ca\.pem)|payloads\/[0-9a-f]{64}|verify\.py|README\.txt)$/;

interface Statement {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly spki: Uint8Array;
}

function signedStatement(files: BundleFiles): { readonly statement: Statement; readonly keyId: string } {
  const bytes = fileOf(files, "statement.json");
  within("statement.json", () => strictJson(bytes));
  const spki = within("public-key.pem", () => spkiOfPem(text(fileOf(files, "public-key.pem"))));
  const envelope = within("statement.json", () => parseEnvelope(bytes));
  const payload = within("statement.json", () => verifyEnvelope(envelope, spki));
  return { statement: { payload, signature: envelope.signature, spki }, keyId: hex(sha256(spki)) };
}

/** The leaf was made from this statement, signature and key; and the statement is of the kind that the leaf says. */
function belongsTo(leaf: Leaf, { payload, signature, spki }: Statement): void {
  if (!equal(sha256(pae(statementMediaType, payload)), leaf.pae))
    throw refused("statement.json", "its hash is not the one in leaf.json");
  if (!equal(signature, leaf.sig))
    throw refused("statement.json", "its signature is not the one in leaf.json");
  const said = within("statement.json", () => strictJson(payload)) as {
    readonly _type?: unknown;
    readonly predicateType?: unknown;
    readonly predicate?: Readonly<Record<string, unknown>>;
  };
  const run = leaf.kind === "verify";
  const type = run ? "https://slsa.dev/verification_summary/v1" : `urn:slipmark:statement:${leaf.kind}:v1`;
  if (said?._type !== "https://in-toto.io/Statement/v1" || said.predicateType !== type)
    throw refused("statement.json", "is of another kind than leaf.json says");
  const part = run ? said.predicate?.["urn:slipmark:statement:verify:v1"] : said.predicate;
  const salt = (part as { readonly salt?: unknown } | undefined)?.salt;
  if (typeof salt !== "string") throw refused("statement.json", "has no salt");
  const key = sha256(
    concat(
      within("statement.json", () => fromHex(salt, 32)),
      spki,
    ),
  );
  if (!equal(key, leaf.key)) throw refused("leaf.json", "was not made for this key and statement");
}

/** The keys in the bundle have to be keys also when others are trusted in their place. */
function logKeys(files: BundleFiles, trust: BundleTrust): readonly VerifierKey[] {
  const own = verifierKeys(files, "log.vkey", signatureTypes.note);
  if (own.length === 0) throw refused("log.vkey", "is empty");
  if (trust.logKeys === null) return own;
  const given = trust.logKeys.map(parseVerifierKey);
  if (given.length === 0) throw new LogError("unknown-key", "no key of the log was given");
  return given;
}

/** Every witness that the bundle names has signed the checkpoint. */
function witnesses(
  files: BundleFiles,
  proof: TlogProof,
  keys: readonly VerifierKey[],
  trust: BundleTrust,
): readonly Cosignature[] {
  const named = verifierKeys(files, "witnesses.vkeys", signatureTypes.cosignature);
  return within("entry.tlog-proof", () => {
    const { note } = openCheckpoint(proof.checkpoint, trustIn(keys));
    const found = verifyCosignatures(note, named);
    const silent = named.find((key) => !found.some((one) => one.key === key));
    if (silent) throw new LogError("unknown-key", `the witness ${silent.name} has not signed the checkpoint`);
    return trust.witnessKeys === null
      ? found
      : verifyCosignatures(note, trust.witnessKeys.map(parseVerifierKey));
  });
}

/** Whether there is a timestamp: then over this very checkpoint, and its token holds the hash of the note. */
function timestampNames(files: BundleFiles, checkpoint: string, keys: readonly VerifierKey[]): boolean {
  const parts = ["timestamp.tsr", "timestamp.note", "timestamp-ca.pem"];
  if (!parts.some((name) => files.has(name))) return false;
  const [token = new Uint8Array(), note = new Uint8Array()] = parts.map((name) => fileOf(files, name));
  const { note: opened } = within("timestamp.note", () => openCheckpoint(note, trustIn(keys)));
  if (opened.text !== checkpoint)
    throw refused("timestamp.note", "is about another checkpoint than entry.tlog-proof");
  if (!hex(token).includes(hex(sha256(note))))
    throw refused("timestamp.tsr", "does not name the hash of timestamp.note");
  return true;
}

function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : date.toISOString();
}
