import { median } from "../../statistics/bootstrap";
import { roundToGrid } from "../../weights/number-grid";
import { readRun } from "../../weights/read-run";
import type { SampledRuns } from "../../weights/sampled-runs";
import { meanUnit2 } from "./grid-units";
import { blockSpectrum, difference, spectrumRows } from "./residual";
import type { AlignedStatistics } from "./schema";
import type { TensorFacts } from "./tensor-facts";

const blocksRead = 8;
const blockElements = 1048576;
const leastRows = 32;
/** Share of a difference that may lie outside of its leading directions, rounding apart. */
const restAllowed = 0.002;

/**
 * Is S − O of low rank? For up to eight matrices that differ as training makes them differ, evenly over the model, a
 * block of up to 256 rows: the smallest r for which what lies outside of the r leading directions is no more than twice
 * the rounding of the grid (u²/12 an element) and 2 in 1000. Low means r ≤ a quarter of the smaller side.
 */
export async function lowRankOf(
  runs: SampledRuns,
  facts: readonly TensorFacts[],
  signal?: AbortSignal,
): Promise<AlignedStatistics["lowRank"]> {
  const candidates = facts.filter(
    ({ change, matrix, counted: { pair } }) =>
      change === "trained" && matrix && Math.min(pair.original.rows, pair.original.cols) >= leastRows,
  );
  const step = Math.max(1, candidates.length / blocksRead);
  const chosen = Array.from(
    { length: Math.min(blocksRead, candidates.length) },
    (_, i) => candidates[Math.floor(i * step)] as TensorFacts,
  );
  const found: { rank: number; low: boolean; rest: number }[] = [];
  for (const { counted } of chosen) {
    signal?.throwIfAborted();
    const block = await blockOf(runs, counted, signal);
    if (block !== null) found.push(rankOf(block.d, block.rows, block.cols, block.floor));
  }
  if (found.length === 0) return null;
  const low = found.filter((block) => block.low);
  return {
    blocks: found.length,
    low: low.length,
    rank: low.length > 0 ? median(low.map(({ rank }) => rank)) : null,
    rest: median(found.map(({ rest }) => rest)),
  };
}

async function blockOf(runs: SampledRuns, counted: TensorFacts["counted"], signal?: AbortSignal) {
  const { pair, grid } = counted;
  const cols = Math.min(pair.original.cols, pair.suspect.cols);
  const all = Math.min(pair.original.rows, pair.suspect.rows);
  const rows = Math.min(all, spectrumRows, Math.max(leastRows, Math.floor(blockElements / cols)));
  if (pair.at.cols === cols && (pair.at.rows >= 64 || pair.at.rows === all)) {
    const used = Math.min(pair.at.rows, spectrumRows);
    const [o, s] = [counted.o.subarray(0, used * cols), counted.s.subarray(0, used * cols)];
    return { d: difference(s, o, 1), rows: used, cols, floor: meanUnit2(o, grid) / 12 };
  }
  if (runs.weights === null) return null;
  const at = { row: Math.min(pair.at.row, all - rows), col: 0, rows, cols };
  const [o, s] = await Promise.all([
    readRun(runs.weights.original, pair.original, at, "read", signal),
    readRun(runs.weights.suspect, pair.suspect, at, "read", signal),
  ]);
  if (!o?.every(Number.isFinite) || !s?.every(Number.isFinite)) return null;
  const [a, b] = [roundToGrid(o, grid), roundToGrid(s, grid)];
  return { d: difference(b, a, 1), rows, cols, floor: meanUnit2(a, grid) / 12 };
}

export function rankOf(d: Float32Array, rows: number, cols: number, floor: number) {
  const spectrum = blockSpectrum(d, rows, cols);
  const size = spectrum.length;
  const total = spectrum.reduce((sum, value) => sum + value, 0);
  const each = (floor * rows * cols) / size;
  let rest = total;
  let rank = 0;
  while (rank < size && rest > 2 * each * (size - rank) + restAllowed * total) {
    rest -= spectrum[rank] as number;
    rank += 1;
  }
  const quarter = Math.floor(size / 4);
  let outside = total;
  for (let i = 0; i < quarter; i++) outside -= spectrum[i] as number;
  // Where rounding makes most of the difference nothing can be said about its rank.
  const visible = total > 4 * each * size;
  return {
    rank,
    low: visible && rank > 0 && rank <= quarter,
    rest: total > 0 ? Math.max(0, outside) / total : 0,
  };
}
