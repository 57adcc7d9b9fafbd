import { LogError, parseVerifierKey, signatureTypes, type VerifierKey } from "@/lib/engine/log";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** A witness (C2SP tlog-witness) that this instance asks for cosignatures. */
export interface Witness {
  readonly key: VerifierKey;
  /** The key as configured, a line of witnesses.vkeys. */
  readonly vkey: string;
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
}

/** More would only make every checkpoint note longer: a note with more than 16 lines is not read everywhere. */
const mostWitnesses = 12;

/**
 * Reads SLIPMARK_WITNESSES: "vkey url" pairs separated by commas. A key of another type than Ed25519 cosignatures, a key
 * twice, or too many: StartProblem, with the pair that is wrong.
 */
export function configuredWitnesses(setting: string | undefined): readonly Witness[] {
  const pairs = (setting ?? "").split(",").map((pair) => pair.trim());
  const witnesses = pairs.filter((pair) => pair !== "").map(parsePair);
  if (witnesses.length > mostWitnesses)
    throw new StartProblem(`SLIPMARK_WITNESSES names more than ${mostWitnesses} witnesses`);
  for (const [at, { vkey }] of witnesses.entries())
    if (witnesses.findIndex((other) => other.vkey === vkey) !== at)
      throw new StartProblem(`SLIPMARK_WITNESSES names ${vkey} twice`);
  return witnesses;
}

function parsePair(pair: string): Witness {
  const [vkey = "", address = "", ...rest] = pair.split(/\s+/);
  if (rest.length > 0 || !/^https?:\/\/\S+$/.test(address) || !URL.canParse(address))
    throw new StartProblem(
      `SLIPMARK_WITNESSES has "${pair}": expected a verifier key and an http(s) address, with a space between`,
    );
  return { key: cosigningKey(vkey), vkey, url: address.replace(/\/+$/, "") };
}

function cosigningKey(vkey: string): VerifierKey {
  try {
    const key = parseVerifierKey(vkey);
    if (key.type !== signatureTypes.cosignature)
      throw new LogError("bad-key", "it is a key for notes, not for cosignatures (type 4)");
    return key;
  } catch (error) {
    if (error instanceof LogError)
      throw new StartProblem(`SLIPMARK_WITNESSES has the verifier key "${vkey}": ${error.message}`);
    throw error;
  }
}
