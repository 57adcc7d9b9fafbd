import { type RowBlock, usableOnBoth, windowedMatching } from "../../statistics/row-matching";
import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import { SeededStream } from "../../weights/sample-seed";
import { embeddingOf, readTokens } from "../weights-invariant/embeddings";
import { chosenTokens, type SharedToken, sharedTokens } from "../weights-invariant/shared-tokens";
import { isOneHot, orderedStream } from "./embedding-axis";
import type { Sides } from "./measure-cells";
import type { Places } from "./neuron-groups";
import { pooled } from "./pooled";
import { fewestRows, type RowRange, rowRange } from "./row-sample";
import type { EmbeddingStatistics, PooledStatistics } from "./schema";

/** Token → id of each release; null where no tokenizer can be read. In the order of the releases given. */
export interface Vocabularies {
  readonly a: Vocabulary;
  readonly b: Vocabulary;
  /** Read when asked for and let go: there may be dozens of ancestors, with hundreds of thousands of tokens each. */
  readonly ancestors: readonly (() => Promise<Vocabulary>)[];
  readonly controls: readonly Vocabulary[];
}
type Vocabulary = ReadonlyMap<string, number> | null;

interface EmbeddingInput extends Sides {
  readonly places: { readonly original: Places; readonly suspect: Places };
  readonly vocabularies: Vocabularies;
  readonly ancestors: readonly ReleaseWeights[];
  readonly controls: readonly (ReleaseWeights | null)[];
  readonly swapped: boolean;
}

/** Tokens read: a cosine over them has a standard deviation of .03 between unrelated columns. */
const mostTokens = 1024;
const fewestTokens = 64;
/** At this log10 p another release's columns are in the order of a side's. */
const agreeLog10 = -6;

/**
 * The columns of both embeddings over common tokens, matched to their own index in windows of eight: one group, because
 * everything that reads or writes the residual stream shares this one order. Never a private group: a base that both use
 * fixes it. Refused, with the reason, wherever the order may be common without one model coming from the other.
 */
export async function measureEmbedding(input: EmbeddingInput): Promise<EmbeddingStatistics> {
  const { a, b, places, vocabularies, seed, leftOut, signal } = input;
  const [mine, theirs] = [embeddingOf(a, places.original), embeddingOf(b, places.suspect)];
  if (mine === null || theirs === null) return refused("no-embedding");
  if (mine.cols !== theirs.cols) return refused("other-width");
  if (leftOut?.a.has(mine.name) || leftOut?.b.has(theirs.name)) return refused("embedding-is-common");
  const order = [orderedStream(a, mine, places.original), orderedStream(b, theirs, places.suspect)];
  const why = order.find((one) => one === "position-table") ?? order.find((one) => one !== null);
  if (why) return refused(why);
  const shared = sharedTokens(
    { ids: vocabularies.a, rows: mine.rows },
    { ids: vocabularies.b, rows: theirs.rows },
  );
  if (shared === null || shared.tokens.length < fewestTokens) return refused("too-few-shared-tokens");
  const tokens = chosenTokens(shared.tokens, mostTokens, seed);
  const range = rowRange(seed, mine.cols, tokens.length);
  if (range === null) return refused("too-few-columns");
  const columns = (weights: ReleaseWeights, embedding: WeightTensor, ids: readonly number[]) =>
    readColumns(weights, embedding, ids, range, signal);
  const [blockA, blockB] = await Promise.all([
    columns(
      a,
      mine,
      tokens.map((token) => token.a),
    ),
    columns(
      b,
      theirs,
      tokens.map((token) => token.b),
    ),
  ]);
  if (blockA === null || blockB === null) return refused("bytes-not-available");
  if (isOneHot(blockA) || isOneHot(blockB)) return refused("constant-start");

  const against = async (weights: ReleaseWeights, own: Vocabulary, label: string) => {
    const other = embeddingOf(weights, new Map());
    if (other === null || other.cols !== mine.cols) return { a: null, b: null };
    const of = async (side: "a" | "b", block: RowBlock) => {
      const ids = idsIn(own, other.rows, tokens, side, vocabularies[side]);
      const kept = [...ids.keys()].filter((at) => ids[at] !== null);
      if (kept.length < fewestTokens) return null;
      const theirBlock = await columns(
        weights,
        other,
        kept.map((at) => ids[at] as number),
      );
      return theirBlock && matched(tokensOf(block, kept), theirBlock, seed, `${label}/${side}`).pooled;
    };
    return { a: await of("a", blockA), b: await of("b", blockB) };
  };
  for (const [index, weights] of input.ancestors.entries()) {
    signal?.throwIfAborted();
    const own = (await vocabularies.ancestors[index]?.()) ?? null;
    const found = await against(weights, own, `ancestor/${index}`);
    if (agrees(found.a) || agrees(found.b)) return refused("ancestor-fixes-order");
  }
  const controls: EmbeddingStatistics["controls"] = [];
  for (const [index, weights] of input.controls.entries()) {
    if (weights === null) continue;
    const found = await against(weights, vocabularies.controls[index] ?? null, `control/${index}`);
    if (agrees(found.a) && agrees(found.b)) return refused("control-has-same-order");
    const sides = input.swapped
      ? { original: found.b, suspect: found.a }
      : { original: found.a, suspect: found.b };
    controls.push({ position: index, against: sides });
  }
  const found = matched(blockA, blockB, seed, "pair");
  return {
    refused: found.pooled === null ? "too-few-columns" : null,
    basis: shared.basis,
    tokens: tokens.length,
    sampled: { start: range.start, columns: range.rows },
    dropped: input.swapped
      ? { original: found.dropped[1], suspect: found.dropped[0] }
      : { original: found.dropped[0], suspect: found.dropped[1] },
    windows: found.windows,
    pooled: found.pooled,
    controls,
  };
}

/** The windowed statistic over the rows of two blocks that hold columns; nothing with fewer than 64 usable ones. */
function matched(a: RowBlock, b: RowBlock, seed: string, label: string) {
  const { usable, dropped } = usableOnBoth(a, b);
  if (usable.length < fewestRows) return { windows: { sizes: [], matched: [] }, pooled: null, dropped };
  const { sizes, matched: hits } = windowedMatching(
    a,
    b,
    usable,
    new SeededStream(seed, `ties/embedding/${label}`),
  );
  const windows = { sizes: [...sizes], matched: [...hits] };
  return { windows, pooled: pooled([windows]), dropped };
}

function agrees(found: PooledStatistics | null): boolean {
  return found !== null && found.log10P <= agreeLog10;
}

function refused(code: NonNullable<EmbeddingStatistics["refused"]>): EmbeddingStatistics {
  return {
    refused: code,
    basis: null,
    tokens: 0,
    sampled: null,
    dropped: { original: 0, suspect: 0 },
    windows: { sizes: [], matched: [] },
    pooled: null,
    controls: [],
  };
}

/** Columns [start, start + rows) of the embedding over the tokens given: one row per column. */
async function readColumns(
  weights: ReleaseWeights,
  embedding: WeightTensor,
  ids: readonly number[],
  { start, rows }: RowRange,
  signal?: AbortSignal,
): Promise<RowBlock | null> {
  const { cols } = embedding;
  const read = await readTokens(weights, embedding, ids, signal);
  if (read === null) return null;
  const values = new Float32Array(rows * ids.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let token = 0; token < ids.length; token++, at++) {
      values[at] = read[token * cols + start + row] as number;
    }
  }
  return { values, rows, cols: ids.length };
}

/** The ids that a further release gives to the tokens: by text where both tokenizers can be read, else the same ids. */
function idsIn(
  own: Vocabulary,
  rows: number,
  tokens: readonly SharedToken[],
  side: "a" | "b",
  texts: Vocabulary,
): (number | null)[] {
  const inside = (id: number | undefined) => (id !== undefined && id < rows ? id : null);
  if (own === null || texts === null) return tokens.map((token) => inside(token[side]));
  const textOf = new Map([...texts].map(([text, id]) => [id, text] as const));
  return tokens.map((token) => inside(own.get(textOf.get(token[side]) ?? "")));
}

function tokensOf({ values, rows, cols }: RowBlock, kept: readonly number[]): RowBlock {
  const out = new Float32Array(rows * kept.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const token of kept) out[at++] = values[row * cols + token] as number;
  }
  return { values: out, rows, cols: kept.length };
}
