import type { Environment } from "@/lib/platform/env";
import { readRoots } from "../timestamp/roots";
import { configuredWitnesses, type Witness } from "../witness/configured";

type Settings = Pick<Environment, "SLIPMARK_WITNESSES" | "SLIPMARK_TSA_CERT">;

export const witnessesOf = (settings: Settings): readonly Witness[] =>
  configuredWitnesses(settings.SLIPMARK_WITNESSES);

/** What a bundle has to hold so that a stranger can check who vouches: keys of witnesses, roots of the authority. */
export function vouchersOf(settings: Settings): {
  readonly witnessKeys: readonly string[];
  readonly timestampRoots: string | null;
} {
  const file = settings.SLIPMARK_TSA_CERT;
  return {
    witnessKeys: witnessesOf(settings).map(({ vkey }) => vkey),
    timestampRoots: file === undefined ? null : readRoots(file).pem,
  };
}
