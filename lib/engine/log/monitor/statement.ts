import { citedPayloads } from "../bundle-payloads";
import { base64, concat, equal, fromBase64, fromHex, hex } from "../bytes";
import { payloadOfPae, verifyStatementSignature } from "../dsse";
import { sha256 } from "../hashing";
import { strictJson } from "../strict-json";
import { MonitorProblem, refusing } from "./problem";
import type { Surface } from "./surface";
import type { WalkedEntry } from "./walk";

/** A statement that belongs to its entry. */
export interface CheckedStatement {
  /** In a verification summary our own part of it. */
  readonly predicate: Readonly<Record<string, unknown>>;
  readonly subjects: readonly string[];
  /** Hex digests of the payloads that it cites. */
  readonly payloads: readonly string[];
  /** SubjectPublicKeyInfo of who signed it, verified; null where the key is not public. */
  readonly signer: Uint8Array | null;
}

/** Bytes of the largest statement. */
export const largestStatement = 4 * 1024 * 1024;
/** Signers that are tried before the log is asked for the key. */
const mostSigners = 64;

/** Keys met before: most statements of a log are signed by a handful. */
export class Signers {
  #known: Uint8Array[];

  constructor(kept: readonly string[]) {
    this.#known = kept.map(fromBase64);
  }

  kept(): string[] {
    return this.#known.map(base64);
  }

  /** The key that the leaf was made for: SHA-256(salt ‖ key) stands in it. Null where nobody publishes it. */
  async of(entry: WalkedEntry, salt: Uint8Array, surface: Surface): Promise<Uint8Array | null> {
    const fits = (spki: Uint8Array) => equal(sha256(concat(salt, spki)), entry.leaf.key);
    const known = this.#known.find(fits);
    if (known !== undefined) return known;
    const told = await surface.signerOf(entry.index);
    if (told === null) return null;
    if (!fits(told))
      throw new MonitorProblem(
        "bad-signature",
        `entry ${entry.index}: the key that the log names is not the one in the entry`,
      );
    if (!this.#known.some((spki) => equal(spki, told)))
      this.#known = [told, ...this.#known].slice(0, mostSigners);
    return told;
  }
}

/** Checks a statement's published bytes against its entry: hash, form, kind, salt, key, signature. Throws MonitorProblem. */
export async function checkStatement(
  entry: WalkedEntry,
  encoding: Uint8Array,
  surface: Surface,
  signers: Signers,
): Promise<CheckedStatement> {
  const { index, leaf } = entry;
  const where = `the statement of entry ${index}`;
  if (!equal(sha256(encoding), leaf.pae))
    throw new MonitorProblem("blob-changed", `${where} was changed: its hash is not ${hex(leaf.pae)}`);
  const statement = refusing("bad-statement", where, () => strictJson(payloadOfPae(encoding))) as {
    readonly _type?: unknown;
    readonly predicateType?: unknown;
    readonly subject?: unknown;
    readonly predicate?: Readonly<Record<string, unknown>>;
  } | null;
  const run = leaf.kind === "verify";
  const type = run ? "https://slsa.dev/verification_summary/v1" : `urn:slipmark:statement:${leaf.kind}:v1`;
  if (statement?._type !== "https://in-toto.io/Statement/v1" || statement.predicateType !== type)
    throw new MonitorProblem("bad-statement", `${where} is of another kind than the entry says`);
  const own = run ? statement.predicate?.["urn:slipmark:statement:verify:v1"] : statement.predicate;
  const predicate = own as Readonly<Record<string, unknown>> | undefined;
  const salt = predicate?.salt;
  if (predicate === undefined || typeof salt !== "string")
    throw new MonitorProblem("bad-statement", `${where} has no salt`);
  const bytes = refusing("bad-statement", where, () => fromHex(salt, 32));
  const signer = await signers.of(entry, bytes, surface);
  if (
    signer !== null &&
    !refusing("bad-signature", where, () => verifyStatementSignature(encoding, leaf.sig, signer))
  )
    throw new MonitorProblem("bad-signature", `the signature over ${where} does not verify`);
  return {
    predicate,
    subjects: subjectsOf(statement.subject),
    payloads: [...citedPayloads(statement)],
    signer,
  };
}

function subjectsOf(subject: unknown): string[] {
  if (!Array.isArray(subject)) return [];
  return subject.flatMap((one: { readonly digest?: { readonly sha256?: unknown } } | null) =>
    typeof one?.digest?.sha256 === "string" ? [one.digest.sha256] : [],
  );
}
