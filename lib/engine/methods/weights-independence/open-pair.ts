import { readVocabulary } from "../../formats/tokenizer-files";
import type { ReleaseReader } from "../../io/source/release";
import { countedRuns } from "../../weights/counted";
import { openWeights } from "../../weights/open-weights";
import type { ReleaseWeights } from "../../weights/release-weights";
import { contentDigest, pairSeed } from "../../weights/sample-seed";
import type { MethodInput } from "../method";
import { nullIfRefused } from "../refused-weights";
import type { Vocabularies } from "./embedding-columns";
import { type IndependenceFinding, measureIndependence } from "./measure";
import type { LeftOut } from "./measure-cells";

/** Both sides with their headers read, in an order that does not depend on which was named first. */
export interface OpenPair {
  readonly a: ReleaseWeights;
  readonly b: ReleaseWeights;
  /** a is the suspect. */
  readonly swapped: boolean;
  readonly seed: string;
  readonly ancestors: readonly ReleaseWeights[];
  /** Given ancestors whose weights cannot be read: what they have is not known. */
  readonly ancestorsUnread: number;
  readonly controls: readonly (ReleaseWeights | null)[];
  readonly leftOut: LeftOut;
  readonly vocabularies: Vocabularies;
}

/** The sides whose weights cannot be opened. */
export type Missing = readonly ("original" | "suspect")[];

/** Opened once in a run, for every method that asks. */
export function openPair(input: MethodInput): Promise<OpenPair | Missing> {
  return input.shared("weights/open-pair@1", () => openSides(input));
}

async function openSides(input: MethodInput): Promise<OpenPair | Missing> {
  const { original, suspect, signal } = input;
  const [mine, theirs] = await Promise.all([openWeights(original, signal), openWeights(suspect, signal)]);
  if (mine === null || theirs === null) {
    const missing = { original: mine === null, suspect: theirs === null };
    return (["original", "suspect"] as const).filter((side) => missing[side]);
  }
  const digests = [contentDigest(original.release), contentDigest(suspect.release)] as const;
  const swapped = digests[0] > digests[1];
  const opened = (readers: readonly ReleaseReader[]) =>
    Promise.all(readers.map((reader) => openWeights(reader, signal).catch(nullIfRefused)));
  const common = await commonTensors(input);
  const ancestors = await opened(input.ancestors);
  const vocabularies = (readers: readonly ReleaseReader[]) =>
    Promise.all(readers.map((reader) => vocabularyOf(reader, signal)));
  const [ownOriginal = null, ownSuspect = null] = await vocabularies([original, suspect]);
  return {
    a: swapped ? theirs : mine,
    b: swapped ? mine : theirs,
    swapped,
    seed: pairSeed(digests[0], digests[1], input.parameters.nonce),
    ancestors: ancestors.filter((weights) => weights !== null),
    ancestorsUnread: ancestors.filter((weights) => weights === null).length,
    controls: await opened(input.controls),
    leftOut: swapped ? { a: common.suspect, b: common.original } : { a: common.original, b: common.suspect },
    vocabularies: {
      a: swapped ? ownSuspect : ownOriginal,
      b: swapped ? ownOriginal : ownSuspect,
      ancestors: input.ancestors
        .filter((_, index) => ancestors[index] !== null)
        .map((reader) => () => vocabularyOf(reader, signal)),
      controls: await vocabularies(input.controls),
    },
  };
}

async function vocabularyOf(
  reader: ReleaseReader,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number> | null> {
  const found = await readVocabulary(reader, signal);
  return found.state === "read" ? found.value.ids : null;
}

/** Tensors of which an ancestor or an unrelated family holds the values of a side: public before, never counted. */
async function commonTensors(input: MethodInput) {
  const names = { original: new Set<string>(), suspect: new Set<string>() };
  if (input.ancestors.length + input.controls.length === 0) return names;
  for (const { pair, why } of (await countedRuns(input))?.pairs ?? []) {
    if (why !== "common-ancestor" && why !== "common-families") continue;
    names.original.add(pair.original.name);
    names.suspect.add(pair.suspect.name);
  }
  return names;
}

export function isMissing(pair: OpenPair | Missing): pair is Missing {
  return Array.isArray(pair);
}

/** What 2A found, measured once in a run: 2C asks for it, too. */
export function independenceFinding(
  input: MethodInput,
  pair: OpenPair,
  onProgress?: (part: number) => void,
): Promise<IndependenceFinding> {
  return input.shared("weights/independence@2", () =>
    measureIndependence({ ...pair, screened: input.parameters.screened, onProgress, signal: input.signal }),
  );
}
