import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, fromBase64, fromHex, hex, text, utf8 } from "./bytes";
import { openCheckpoint } from "./checkpoint";
import { type Cosignature, verifyCosignatures } from "./cosignature";
import { pae, parseEnvelope, statementMediaType, verifyEnvelope } from "./dsse";
import { LogError } from "./errors";
import { type Leaf, parseLeaf } from "./leaf";
import { parseVerifierKey, signatureTypes, type VerifierKey } from "./note";
import { requireKeys, strictJson } from "./strict-json";
import { parseProof, type TlogProof } from "./tlog-proof";
import { leafHash, verifyInclusion } from "./tree";

/** Files of a bundle by their names, as they stand in the zip. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

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

/** One check: what was checked (by its id), whether it holds, and the facts: an error names the file first. */
export interface BundleStep {
  readonly id: BundleStepId;
  readonly ok: boolean;
  readonly detail: string;
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
  const done = (detail: string): void => void steps.push({ id, ok: true, detail });
  try {
    const leafBytes = fileOf(files, "leaf.json");
    const leaf = within("leaf.json", () => parseLeaf(leafBytes));
    done(`${leaf.kind}, ${leaf.t}`);
    begin("redacted");
    const redacted = redactionOf(files);
    if (redacted?.statement) {
      if (files.has("statement.json")) throw refused("redacted.json", "statement.json was not taken down");
      done(`tombstone: entry ${redacted.tombstone}`);
    } else {
      begin("statement");
      const { statement, keyId } = signedStatement(files);
      done(`SHA-256 of the key: ${keyId}`);
      begin("belongs");
      belongsTo(leaf, statement);
      done(`SHA-256 of the signed bytes: ${hex(leaf.pae)}`);
      begin("payloads");
      done(payloads(files, statement, redacted?.payloads ?? []));
    }
    begin("checkpoint");
    const keys = logKeys(files, trust);
    const proof = within("entry.tlog-proof", () => parseProof(fileOf(files, "entry.tlog-proof")));
    const checkpoint = within("entry.tlog-proof", () =>
      openCheckpoint(proof.checkpoint, { origin: keys[0]?.name ?? "", keys }),
    );
    done(`${checkpoint.origin}, ${checkpoint.size} entries`);
    begin("inclusion");
    within("entry.tlog-proof", () =>
      verifyInclusion({
        ...checkpoint,
        index: proof.index,
        leafHash: leafHash(leafBytes),
        proof: proof.hashes,
      }),
    );
    done(`entry ${proof.index} of ${checkpoint.size}`);
    begin("witness");
    for (const { key, time } of witnesses(files, proof, keys, trust)) done(`${key.name}, ${timeOf(time)}`);
    begin("timestamp");
    if (timestampNames(files, checkpoint.note.text, keys)) done("its signature is checked by verify.py");
    begin("files");
    for (const name of files.keys())
      if (!known.test(name)) throw refused(name, "does not belong here: nothing vouches for it");
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    steps.push({ id, ok: false, detail: error.message });
  }
  return steps;
}

const known =
  /^((statement|leaf|redacted)\.json|entry\.tlog-proof|public-key\.pem|log\.vkey|witnesses\.vkeys|timestamp(\.tsr|\.note|-ca\.pem)|payloads\/[0-9a-f]{64}|verify\.py|README\.txt)$/;

const refused = (name: string, problem: string) => new LogError("malformed", `${name}: ${problem}`);

function fileOf(files: BundleFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes === undefined) throw refused(name, "is missing");
  return bytes;
}

/** Names the file in which something was wrong. */
function within<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LogError) throw new LogError(error.code, `${name}: ${error.message}`);
    throw error;
  }
}

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

const begins = "-----BEGIN PUBLIC KEY-----\n";
const ends = "-----END PUBLIC KEY-----\n";

/** RFC 7468 in its one strict form: lines of 64. */
function spkiOfPem(pem: string): Uint8Array {
  const body = pem.slice(begins.length, -ends.length);
  const lines = body.replaceAll("\n", "").replace(/.{1,64}/g, "$&\n");
  if (pem !== begins + lines + ends) throw new LogError("malformed", "is not a public key in PEM");
  return fromBase64(lines.replaceAll("\n", ""));
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

const label = utf8("slipmark/payload/v1\n");

/** Everything that the statement cites is here unchanged, unless it was redacted; and nothing else. */
function payloads(files: BundleFiles, { payload }: Statement, gone: readonly string[]): string {
  const cited = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === "string") {
      const digest = /^sha256:([0-9a-f]{64})$/.exec(value)?.[1];
      if (digest !== undefined) cited.add(digest);
    } else if (typeof value === "object" && value !== null) {
      for (const one of Object.values(value)) look(one);
    }
  };
  look((strictJson(payload) as { readonly predicate?: unknown }).predicate);
  let here = 0;
  for (const [name, bytes] of files) {
    if (!name.startsWith("payloads/")) continue;
    const digest = name.slice("payloads/".length);
    if (!cited.has(digest)) throw refused(name, "is not cited by the statement");
    if (hex(sha256(bytes)) !== digest) throw refused(name, "its bytes were changed: the hash is another");
    if (!isPreimage(bytes)) throw refused(name, "is not a payload");
    here += 1;
  }
  for (const digest of cited)
    if (!files.has(`payloads/${digest}`) && !gone.includes(digest))
      throw refused(`payloads/${digest}`, "is missing");
  return `${here} of ${cited.size}`;
}

/** "slipmark/payload/v1\n" ‖ 32 bytes of salt ‖ u64be(length) ‖ bytes. */
function isPreimage(bytes: Uint8Array): boolean {
  const head = label.length + 40;
  if (bytes.length < head || !equal(bytes.subarray(0, label.length), label)) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset + head - 8, 8).getBigUint64(0);
  return length === BigInt(bytes.length - head);
}

interface Redaction {
  readonly statement: boolean;
  readonly payloads: readonly string[];
  readonly tombstone: number;
}

function redactionOf(files: BundleFiles): Redaction | null {
  const bytes = files.get("redacted.json");
  if (bytes === undefined) return null;
  return within("redacted.json", () => {
    const value = requireKeys(strictJson(bytes), ["payloads", "statement", "tombstone"], "the note");
    const { payloads: gone, statement, tombstone } = value;
    if (typeof statement !== "boolean" || typeof tombstone !== "number" || !Array.isArray(gone))
      throw new LogError("malformed", "is not a note of a redaction");
    return { statement, tombstone, payloads: gone.filter((one) => typeof one === "string") };
  });
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

function verifierKeys(files: BundleFiles, name: string, type: number): readonly VerifierKey[] {
  return within(name, () => {
    const lines = text(fileOf(files, name)).split("\n");
    if (lines.pop() !== "") throw new LogError("malformed", "does not end with a line");
    const keys = lines.map(parseVerifierKey);
    if (keys.some((key) => key.type !== type)) throw new LogError("bad-key", "is a key of another kind");
    return keys;
  });
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
    const { note } = openCheckpoint(proof.checkpoint, { origin: keys[0]?.name ?? "", keys });
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
  const { note: opened } = within("timestamp.note", () =>
    openCheckpoint(note, { origin: keys[0]?.name ?? "", keys }),
  );
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
