import type { Transformation } from "../../result/document";
import { sidesNamed } from "../weights-independence/cell-statistics";
import type { IndependenceFinding } from "../weights-independence/measure";
import { thresholdLog10 } from "../weights-independence/measure";
import { countedStacks, type NeuronStack, neuronStacks } from "../weights-independence/neuron-groups";
import { searchHeads } from "./head-search";
import { measureProducts, type ProductFinding } from "./measure-products";
import { searchNeurons } from "./neuron-search";
import type { InvariantStatistics } from "./schema";
import { type InvariantInput, tokenPlan } from "./token-plan";

export interface InvariantFinding {
  readonly statistics: InvariantStatistics;
  /** Of 2B, after all corrections; null where it could not be applied. */
  readonly log10P: number | null;
}

/** 2B, and 2C where neither 2B nor the neurons of 2A show anything; what an embedding shows leaves neurons open. */
export async function measureInvariant(
  input: InvariantInput,
  independence: IndependenceFinding,
): Promise<InvariantFinding> {
  const named = sidesNamed(input.swapped);
  const stacks = {
    a: countedStacks(neuronStacks(input.a, input.places.original), independence.leftOut.a),
    b: countedStacks(neuronStacks(input.b, input.places.suspect), independence.leftOut.b),
  };
  const plan = await tokenPlan(input, neuronRows(stacks.a));
  const products =
    plan &&
    (await measureProducts(
      { ...input, onProgress: (part) => input.onProgress?.(part * 0.6) },
      stacks,
      plan,
      named,
    ));
  const open = !passes(independence.neuronsLog10P) && !passes(products?.log10P ?? null);
  const related = independence.statistics.controls.map((control) => control.related);
  const search = open ? await searchNeurons(input, stacks, plan, related, named) : null;
  input.onProgress?.(0.95);
  const heads = await searchHeads(input, named);
  const statistics = { products: products?.statistics ?? null, search, heads };
  return {
    statistics: { ...statistics, transformations: transformations(statistics, products, independence) },
    log10P: products?.log10P ?? null,
  };
}

/** Rows that 2B would look at, to weigh how many tokens are affordable. */
function neuronRows(stacks: readonly NeuronStack[]): number {
  const groups = stacks.reduce((sum, stack) => sum + stack.groups.length, 0);
  return Math.min(groups, 64) * 256;
}

function passes(log10P: number | null): boolean {
  return log10P !== null && log10P <= thresholdLog10;
}

/** A relative residual below this may be the rounding of a bfloat16 file (2^-9 at most) after a rescaling. */
const rounding = 0.003;
const rescaled = 0.1;
/** Rows that are this much more alike through tokens than as they stand were turned with the residual stream. */
const turned = 0.1;

/** What re-parametrisation the two methods show together, in the order of the document's list. */
function transformations(
  { search, heads }: Pick<InvariantStatistics, "search" | "heads">,
  products: ProductFinding | null,
  independence: IndependenceFinding,
): Transformation[] {
  const found = new Set<Transformation>();
  const matched = search?.matchedRows ?? null;
  if (matched !== null && search !== null) {
    if (search.ownIndex * 2 < search.agree) found.add("permuted");
    if (search.by === "tokens") found.add("rotated");
    if (isRescaled(matched.scaleVariation, matched.cosine)) found.add("rescaled");
    if (search.by === "rows" && matched.residual > rounding && matched.equal < 0.99) {
      found.add(matched.white ? "noise" : "fine-tuned");
    }
  }
  if (heads !== null && heads.agree * 5 >= heads.heads * 4 && heads.ownIndex * 2 < heads.agree) {
    found.add("permuted");
  }
  if (products !== null && passes(products.log10P)) {
    const { cells, hidden } = products.statistics;
    const [cosine, raw] = (["cosine", "rawCosine"] as const).map((name) =>
      median(cells.map((cell) => cell[name])),
    ) as [number, number];
    const oneWidth = hidden.original === hidden.suspect;
    if (oneWidth && (!passes(independence.neuronsLog10P) || raw < cosine - turned)) found.add("rotated");
    const scaled = cells.filter((cell) => isRescaled(cell.scaleVariation, cell.cosine));
    if (scaled.length * 2 > cells.length) found.add("rescaled");
  }
  return (["noise", "fine-tuned", "permuted", "rotated", "rescaled"] as const).filter((one) =>
    found.has(one),
  );
}

/** Scales differ from neuron to neuron, and little but that happened: training changes directions as much as lengths. */
function isRescaled(variation: number | null, cosine: number | null): boolean {
  if (variation === null || cosine === null || variation <= rescaled) return false;
  return 4 * (1 - cosine * cosine) < variation * variation;
}

function median(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null).sort((x, y) => x - y);
  return known[known.length >> 1] ?? 0;
}
