import { concat, requireIndex, utf8 } from "./bytes";
import { LogError } from "./errors";
import {
  formatSignature,
  keyId,
  type NoteSignature,
  type NoteSigner,
  type SignedNote,
  signatureTypes,
  type VerifierKey,
  verifyNote,
} from "./note";

export interface Cosignature {
  readonly key: VerifierKey;
  readonly line: string;
  /** Seconds since 1970: when the witness says it signed. */
  readonly time: number;
}

/** What a witness signs: "cosignature/v1", its time, and the whole text of the note (C2SP tlog-cosignature). */
export function cosignedMessage(body: string, time: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${body}`);
}

/** The witness' line: time as u64 big-endian, then the signature. */
export function formatCosignature(body: string, time: number, witness: NoteSigner): string {
  const id = keyId(witness.name, signatureTypes.cosignature, witness.publicKey);
  requireIndex(time, "the cosignature's time");
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  return formatSignature(witness.name, id, concat(stamp, witness.sign(cosignedMessage(body, time))));
}

/** Cosignatures of known witnesses under a note. None is no error; a false one is. Throws LogError "bad-signature". */
export function verifyCosignatures(
  note: SignedNote,
  witnesses: readonly VerifierKey[],
): readonly Cosignature[] {
  const keys = witnesses.filter(({ type }) => type === signatureTypes.cosignature);
  try {
    return verifyNote(note, keys, (_key, line) => {
      const { time, signature } = readCosignature(line);
      return { message: cosignedMessage(note.text, time), signature };
    }).map(({ key, signature }) => ({ key, line: signature.line, time: readCosignature(signature).time }));
  } catch (error) {
    if (error instanceof LogError && error.code === "unknown-key") return [];
    throw error;
  }
}

function readCosignature({ name, signature }: NoteSignature): { time: number; signature: Uint8Array } {
  if (signature.length !== 72) throw new LogError("malformed", `the cosignature of ${name} has not 72 bytes`);
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER))
    throw new LogError("too-large", `the cosignature of ${name} is dated beyond all time`);
  return { time: Number(time), signature: signature.subarray(8) };
}
