import { hex, keyId, publicKeyOfSpki, signatureTypes } from "@/lib/engine/log";

export interface SignatureLine {
  readonly line: string;
  readonly signer: string;
  readonly name: string;
  /** Hex of the four bytes. */
  readonly keyId: string;
  readonly createdAt: Date;
}

/**
 * The lines under a checkpoint in the one order in which everybody gets them: those of the log's keys, the newest key
 * first, then the witnesses' as they came. `logKeys`: SubjectPublicKeyInfo of every key the log ever had, newest first.
 */
export function orderLines(
  origin: string,
  logKeys: readonly Uint8Array[],
  lines: readonly SignatureLine[],
): readonly string[] {
  const ids = logKeys.map((spki) => hex(keyId(origin, signatureTypes.note, publicKeyOfSpki(spki))));
  const place = ({ signer, keyId }: SignatureLine) => {
    if (signer !== "log") return ids.length + 1;
    const at = ids.indexOf(keyId);
    return at < 0 ? ids.length : at;
  };
  return [...lines]
    .sort(
      (a, b) =>
        place(a) - place(b) ||
        a.createdAt.getTime() - b.createdAt.getTime() ||
        compare(a.name, b.name) ||
        compare(a.keyId, b.keyId),
    )
    .map(({ line }) => line);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
