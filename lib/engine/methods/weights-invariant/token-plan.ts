import type { RowBlock } from "../../statistics/row-matching";
import type { ReleaseWeights } from "../../weights/release-weights";
import type { adoptedPlaces, NeuronGroup, Places } from "../weights-independence/neuron-groups";
import { embeddingOf, hasGain } from "./embeddings";
import type { InvariantStatistics } from "./schema";
import { chosenTokens, type SharedToken, sharedTokens } from "./shared-tokens";
import { type TokenView, tokenView } from "./token-view";

export interface InvariantInput {
  readonly a: ReleaseWeights;
  readonly b: ReleaseWeights;
  readonly seed: string;
  readonly swapped: boolean;
  readonly controls: readonly (ReleaseWeights | null)[];
  readonly vocabularies: {
    readonly a: ReadonlyMap<string, number> | null;
    readonly b: ReadonlyMap<string, number> | null;
    readonly controls: readonly (ReadonlyMap<string, number> | null)[];
  };
  readonly places: ReturnType<typeof adoptedPlaces>;
  readonly screened: number;
  readonly onProgress?: ((part: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface ControlView extends TokenView {
  /** A block of the pair's own, reduced to the tokens that this control has, too. */
  columns(block: RowBlock): RowBlock;
}

export interface TokenPlan {
  readonly a: TokenView;
  readonly b: TokenView;
  readonly controls: readonly (ControlView | null)[];
  readonly hidden: { readonly a: number; readonly b: number };
  readonly statistics: NonNullable<InvariantStatistics["products"]>["tokens"];
  gains(groups: readonly NeuronGroup[], side: "a" | "b"): number;
}

const mostTokens = 2048;
const fewestTokens = 64;
/** Multiplications that a run may spend on products: about 4 s of one thread at the measured 10 per nanosecond. */
const mostProducts = 35e9;
/** Whatever the shapes, this many: the noise of a cosine over them is .044. */
const leastOfMany = 512;

/** Which tokens both sides are seen through; null where they share too few, or a side has no embedding. */
export async function tokenPlan(input: InvariantInput, neuronRows: number): Promise<TokenPlan | null> {
  const { a, b, places, vocabularies, signal } = input;
  const [embeddingA, embeddingB] = [embeddingOf(a, places.original), embeddingOf(b, places.suspect)];
  if (embeddingA === null || embeddingB === null) return null;
  const found = sharedTokens(
    { ids: vocabularies.a, rows: embeddingA.rows },
    { ids: vocabularies.b, rows: embeddingB.rows },
  );
  if (found === null || found.tokens.length < fewestTokens) return null;
  const each = neuronRows * (embeddingA.cols + embeddingB.cols);
  const affordable = Math.max(leastOfMany, Math.floor(mostProducts / Math.max(1, each)));
  const tokens = chosenTokens(found.tokens, Math.min(mostTokens, affordable), input.seed);
  const idsOf = (side: "a" | "b") => tokens.map((token) => token[side]);
  const [viewA, viewB] = await Promise.all([
    tokenView(a, embeddingA, idsOf("a"), places.original, signal),
    tokenView(b, embeddingB, idsOf("b"), places.suspect, signal),
  ]);
  if (viewA === null || viewB === null) return null;
  const controls = await Promise.all(
    input.controls.map((weights, i) => controlView(input, weights, i, tokens, found.basis === "strings")),
  );
  return {
    a: viewA,
    b: viewB,
    controls,
    hidden: { a: embeddingA.cols, b: embeddingB.cols },
    statistics: { basis: found.basis, shared: found.tokens.length, taken: tokens.length },
    gains: (groups, side) => {
      const own: Places = side === "a" ? places.original : places.suspect;
      return groups.filter((group) => hasGain(input[side], group, own)).length;
    },
  };
}

async function controlView(
  { a, vocabularies, places, signal }: InvariantInput,
  weights: ReleaseWeights | null,
  index: number,
  tokens: readonly SharedToken[],
  byText: boolean,
): Promise<ControlView | null> {
  const embedding = weights && embeddingOf(weights, new Map());
  const height = embeddingOf(a, places.original)?.rows ?? 0;
  if (weights === null || embedding === null) return null;
  const own = vocabularies.controls[index] ?? null;
  const ids = byText ? idsByText(tokens, vocabularies.a, own) : tokens.map(({ a: id }) => id);
  if (!byText && embedding.rows !== height && tokens.length > 256) return null;
  const columns = [...tokens.keys()].filter((at) => (ids[at] ?? embedding.rows) < embedding.rows);
  if (columns.length < fewestTokens) return null;
  const view = await tokenView(
    weights,
    embedding,
    columns.map((at) => ids[at] as number),
    new Map(),
    signal,
  );
  return view && { ...view, columns: (block) => columnsOf(block, columns) };
}

function idsByText(
  tokens: readonly SharedToken[],
  texts: ReadonlyMap<string, number> | null,
  own: ReadonlyMap<string, number> | null,
): (number | null)[] {
  const textOf = new Map([...(texts ?? [])].map(([text, id]) => [id, text] as const));
  return tokens.map(({ a }) => own?.get(textOf.get(a) ?? "") ?? null);
}

function columnsOf({ values, rows, cols }: RowBlock, columns: readonly number[]): RowBlock {
  if (columns.length === cols) return { values, rows, cols };
  const out = new Float32Array(rows * columns.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const column of columns) out[at++] = values[row * cols + column] as number;
  }
  return { values: out, rows, cols: columns.length };
}
