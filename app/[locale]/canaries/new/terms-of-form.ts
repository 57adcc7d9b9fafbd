import type { CanaryTerms } from "@/lib/engine/canary";
import type { SetKind } from "./read-items";

/** The beacon network of this instance. */
export interface DrandNetwork {
  readonly chain: string;
  readonly publicKey: string;
  readonly scheme: "bls-unchained-g1-rfc9380" | "pedersen-bls-chained";
  readonly genesisTime: number;
  readonly period: number;
}

export type Primary = "secret" | "robust" | "rank";

/** Which statistics a kind of set can have: what is impossible cannot be chosen. */
export const primaries: Readonly<Record<SetKind, readonly Primary[]>> = {
  "random-label": ["secret", "rank"],
  natural: ["robust", "rank"],
  generator: ["robust", "rank"],
};

export const usualThreshold: Readonly<Record<Primary, string>> = {
  secret: "0.000001",
  robust: "0.01",
  rank: "0.05",
};

/** The first round after `minutes` from now, and its time. */
export function roundAfter(
  network: Pick<DrandNetwork, "genesisTime" | "period">,
  minutes: number,
  now: number,
) {
  const seconds = Math.ceil(now / 1000) + Math.round(minutes * 60);
  const round = Math.max(1, Math.floor((seconds - network.genesisTime) / network.period) + 2);
  return { round, time: new Date((network.genesisTime + (round - 1) * network.period) * 1000) };
}

/** At least five are needed, and more when a rank has to reach the threshold: 1/(K + 1) is the lowest it can be. */
export function referencesNeeded(primary: Primary, threshold: string): number {
  const value = Number(threshold);
  if (primary !== "rank" || !(value > 0)) return 5;
  return Math.max(5, Math.ceil(1 / value - 1 - 1e-9));
}

interface Facts {
  readonly kind: SetKind;
  readonly items: number;
  readonly options: number | null;
  readonly network: DrandNetwork | null;
  /** Entries in the log now. */
  readonly logSize: number;
  readonly now: number;
}

/** The terms as they are typed, not yet checked. */
export function termsOfForm(form: FormData, facts: Facts): unknown {
  const text = (name: string) => String(form.get(name) ?? "").replace(/\r\n/g, "\n");
  const extractor = text("extractor");
  const primary = text("primary") as Primary;
  const threshold = text("threshold").trim();
  const needsReferences = referencesNeeded(primary, threshold);
  return {
    schema: "slipmark.canary-terms/v1",
    kind: facts.kind,
    items: facts.items,
    options: facts.options,
    primary,
    threshold,
    normaliser: "n1",
    fold: text("fold"),
    prompt: text("prompt"),
    extractor: extractor === "regex" ? { kind: extractor, pattern: text("pattern") } : { kind: extractor },
    repeats: 3,
    references: text("references")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
    needsReferences: Number.isSafeInteger(needsReferences) ? needsReferences : 5,
    deadline: text("deadline"),
    beacon: beaconOf(text("beacon"), text("beaconDelay"), text("grindBits"), facts),
    ...(facts.kind === "generator"
      ? {
          generator: {
            program: "rare-han/v1",
            parameters: alphabet(text("from"), text("to"), text("characters")),
          },
        }
      : {}),
  };
}

/** The last place that the public number may be taken from: the entry of the commitment has to come before it. */
const roomInLog = 16;

function beaconOf(
  kind: string,
  delay: string,
  bits: string,
  { network, logSize, now }: Facts,
): CanaryTerms["beacon"] | { readonly kind: string } {
  if (kind === "drand" && network !== null)
    return { kind: "drand", ...network, round: roundAfter(network, Number(delay), now).round };
  if (kind === "log-checkpoint")
    return { kind: "log-checkpoint", size: logSize + roomInLog, grindBits: Number(bits) };
  return { kind: "none" };
}

/** All characters of a range, or those of a list, which are put in the order that the terms want. */
function alphabet(from: string, to: string, characters: string) {
  const listed = [...new Set(characters.replace(/\s/g, ""))].sort(
    (a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0),
  );
  const [first, last] = [listed[0], listed.at(-1)];
  if (first === undefined || last === undefined) return { from: codePoint(from), to: codePoint(to) };
  return { from: codePoint(first), to: codePoint(last), characters: listed.join("") };
}

/** "U+3400", "3400" or the character itself. */
export function codePoint(text: string): number {
  const trimmed = text.trim();
  const hex = /^(?:U\+|0x)?([0-9a-f]{4,6})$/i.exec(trimmed)?.[1];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  return [...trimmed].length === 1 ? (trimmed.codePointAt(0) ?? Number.NaN) : Number.NaN;
}
