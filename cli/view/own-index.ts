import {
  type EmbeddingStatistics,
  independenceStatisticsSchema,
} from "../../lib/engine/methods/weights-independence/schema";
import { invariantStatisticsSchema } from "../../lib/engine/methods/weights-invariant/schema";
import { isRelative } from "../../lib/engine/result/relatives";
import { bar, boundOnP, fitted, heights, some } from "./text";

interface Windows {
  readonly sizes: readonly number[];
  readonly matched: readonly number[];
}

interface Cell {
  readonly original: { readonly layer: number; readonly expert: number | null };
  readonly windows: Windows;
  readonly controls: readonly { readonly original: Windows | null; readonly suspect: Windows | null }[];
}

interface Pooled {
  readonly matched: number;
  readonly of: number;
  readonly expected: number;
  readonly log10P: number;
  readonly critical: { readonly e6: number | null };
}

const windowRows = 8;
const mostLayers = 16;
const windowColumns = 32;

/** weights/independence on a terminal: one character a window, the pair beside the first control. */
export function independenceView(statistics: unknown): string[] {
  const { data: found } = independenceStatisticsSchema.safeParse(statistics);
  if (found === undefined) return [];
  const unrelated = found.controls.findIndex((control) => control.like && !isRelative(control));
  return [
    ...strips(
      found.cells.filter(({ unmeasured }) => unmeasured === null),
      found.identity,
      "rows at their own index",
      unrelated,
    ),
    ...embeddingColumns(found.embedding, found.controls[unrelated]?.position),
  ];
}

/** Columns of both embeddings: one row, with the count of the same control. */
function embeddingColumns({ pooled, windows, controls }: EmbeddingStatistics, position?: number): string[] {
  if (pooled === null) return [];
  const against = controls.find((control) => control.position === position)?.against;
  const beside = against?.original ?? against?.suspect;
  const drawn = heights(windows.matched.slice(0, windowColumns), windowRows);
  return [
    "",
    `  columns of the embeddings at their own index: one sign a window of ${windowRows}`,
    `  ${fitted("features", 10)}${fitted(`${fitted(drawn, windowColumns)} ${pooled.matched}/${pooled.of}`, 44)}${
      beside ? `control ${(position ?? 0) + 1}: ${beside.matched}/${beside.of}` : ""
    }`.trimEnd(),
    `  ${pooled.expected} expected by chance; p ≤ ${boundOnP(pooled.log10P)} before corrections`,
  ];
}

/** weights/invariant: the same through tokens, and what a search found beside the controls. */
export function invariantView(statistics: unknown): string[] {
  const { data: found } = invariantStatisticsSchema.safeParse(statistics);
  if (found === undefined) return [];
  const { products, search } = found;
  const controls = products?.controls ?? [];
  const unrelated = controls.findIndex((control) => !isRelative(control));
  const relatives = controls.filter(isRelative).map(({ position }) => position);
  const line = (name: string, agree: number | null, of: number) =>
    `  ${fitted(name, 24)}${agree === null ? "not measured" : `${bar(agree / Math.max(of, 1), windowColumns)} ${agree} of ${of}`}`;
  return [
    ...(products ? strips(products.cells, products.pooled, "rows seen through tokens", unrelated) : []),
    ...(search
      ? [
          "",
          "  neurons found again by search",
          line("this pair", search.agree, search.references),
          ...search.controls.map(({ position, agree }) =>
            line(
              `control ${position + 1}${relatives.includes(position) ? ", a relative" : ""}`,
              agree,
              search.references,
            ),
          ),
        ]
      : []),
  ];
}

/** `at`: position of the control that is drawn, −1 for none. */
function strips(cells: readonly Cell[], pooled: Pooled | null, title: string, at: number): string[] {
  const measured = cells.filter(({ windows }) => windows.sizes.length > 0);
  if (measured.length === 0) return [];
  const { shown, left } = some(measured, mostLayers);
  const strip = ({ sizes, matched }: Windows) => {
    const drawn = heights(matched.slice(0, windowColumns), windowRows);
    return `${fitted(drawn, windowColumns)} ${total(matched)}/${total(sizes)}`;
  };
  const control = ({ controls }: Cell) => controls[at]?.original ?? controls[at]?.suspect ?? null;
  const hasControl = measured.some((cell) => control(cell) !== null);
  return [
    "",
    `  ${title}: one sign a window of ${windowRows} rows, full where all match themselves`,
    `  ${fitted("layer", 10)}${fitted("this pair", 44)}${hasControl ? `control ${at + 1}` : ""}`.trimEnd(),
    ...shown.map((cell) => {
      const { layer, expert } = cell.original;
      const beside = control(cell);
      const name = expert === null ? String(layer) : `${layer}.${expert}`;
      return `  ${fitted(name, 10)}${fitted(strip(cell.windows), 44)}${beside ? strip(beside) : ""}`.trimEnd();
    }),
    ...(left > 0 ? [`  … and ${left} more layers`] : []),
    ...(pooled
      ? [
          `  ${pooled.matched} of ${pooled.of} rows; ${pooled.expected} expected by chance${
            pooled.critical.e6 === null ? "" : `, ${pooled.critical.e6} for p = 10^-6`
          }; p ≤ ${boundOnP(pooled.log10P)} before corrections`,
        ]
      : []),
    ...(hasControl ? [] : ["  No unrelated control: what chance looks like on real weights is not shown."]),
  ];
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
