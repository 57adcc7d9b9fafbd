import { base64, decimal, fromBase64, requireIndex, text } from "./bytes";
import { type OpenedCheckpoint, openCheckpoint } from "./checkpoint";
import { type Cosignature, verifyCosignatures } from "./cosignature";
import { LogError } from "./errors";
import { parseNote, parseVerifierKey, type VerifierKey, verifyNote } from "./note";
import { hashSize, verifyInclusion } from "./tree";

const header = "c2sp.org/tlog-proof@v1";

/** The parts of a .tlog-proof file (C2SP tlog-proof). Nothing in it is verified yet. */
export interface TlogProof {
  readonly index: number;
  /** 32 bytes each, the leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
  /** Unauthenticated; null when the file has none. */
  readonly extra: Uint8Array | null;
}

export function formatProof(
  proof: Omit<TlogProof, "extra"> & { readonly extra?: Uint8Array | null },
): string {
  requireIndex(proof.index, "the index");
  const extra = proof.extra == null ? [] : [`extra ${base64(proof.extra)}`];
  return [header, ...extra, `index ${proof.index}`, ...proof.hashes.map(base64), "", proof.checkpoint].join(
    "\n",
  );
}

/** Throws LogError "malformed" or "too-large". */
export function parseProof(file: Uint8Array | string): TlogProof {
  const whole = typeof file === "string" ? file : text(file);
  const split = whole.indexOf("\n\n");
  if (split < 0) throw new LogError("malformed", "a proof needs an empty line before its checkpoint");
  const lines = whole.slice(0, split).split("\n");
  if (lines.shift() !== header) throw new LogError("malformed", `a proof begins with ${header}`);
  const extra = lines[0]?.startsWith("extra ") ? fromBase64((lines.shift() as string).slice(6)) : null;
  const index = lines.shift();
  if (index === undefined || !index.startsWith("index "))
    throw new LogError("malformed", "the proof names no index");
  if (lines.length > 63) throw new LogError("too-large", "a proof of more than 63 hashes");
  const hashes = lines.map(fromBase64);
  if (hashes.some((hash) => hash.length !== hashSize))
    throw new LogError("malformed", "a hash has not 32 bytes");
  return { index: decimal(index.slice(6), "the index"), hashes, checkpoint: whole.slice(split + 2), extra };
}

export interface VerifiedProof {
  readonly index: number;
  readonly checkpoint: OpenedCheckpoint;
  readonly cosignatures: readonly Cosignature[];
}

/** The log signed a tree with this leaf in it: checkpoint, inclusion, cosignatures, in this order. Throws LogError. */
export function verifyProof(
  proof: TlogProof,
  leafHash: Uint8Array,
  trust: {
    readonly origin: string;
    readonly keys: readonly VerifierKey[];
    readonly witnesses?: readonly VerifierKey[];
  },
): VerifiedProof {
  const checkpoint = openCheckpoint(proof.checkpoint, trust);
  verifyInclusion({ ...checkpoint, index: proof.index, leafHash, proof: proof.hashes });
  const cosignatures = verifyCosignatures(checkpoint.note, trust.witnesses ?? []);
  return { index: proof.index, checkpoint, cosignatures };
}

/** Of some verifier keys those whose signature stands under the checkpoint of a proof; none when nothing can be read. */
export function keysThatSigned(file: Uint8Array | string, vkeys: readonly string[]): readonly string[] {
  return vkeys.filter((vkey) => {
    try {
      verifyNote(parseNote(parseProof(file).checkpoint), [parseVerifierKey(vkey)]);
      return true;
    } catch (error) {
      if (error instanceof LogError) return false;
      throw error;
    }
  });
}
