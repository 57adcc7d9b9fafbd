import {
  type AlignedStatistics,
  alignedStatisticsSchema,
} from "../../lib/engine/methods/weights-aligned/schema";
import { countedLayers } from "../../lib/engine/result/counted-layers";
import { residualBars } from "../../lib/engine/result/residual-bars";
import { originOf } from "../../lib/engine/result/tensor-grid";
import { tensorMapText } from "./tensor-map";
import { bar, figure, fitted, heights, interval, some } from "./text";

const mostLayers = 24;
const barColumns = 16;

/** weights/aligned on a terminal: layers, controls, the residual, a map. */
export function alignedView(statistics: unknown): string[] {
  const { data: found } = alignedStatisticsSchema.safeParse(statistics);
  if (found === undefined || found.tensors.sampled === 0) return [];
  return [
    ...layers(found),
    ...panel(found),
    ...residual(found),
    ...tensorMapText(
      "what came from where",
      found.tensorMap.map((tensor) => ({ name: tensor.suspect, origin: originOf(tensor) })),
    ),
  ];
}

function layers(found: AlignedStatistics): string[] {
  const all = countedLayers(found);
  if (all.length === 0) return [];
  const { shown, left } = some(all, mostLayers);
  return [
    "",
    `  ${fitted("layer", 9)}${fitted("α from 0 to 1, 95 % interval", 45)}cosine from 0 to 1`,
    ...shown.map(({ original, suspect, alpha, cosine }) => {
      const name = original === suspect ? String(suspect) : `${original}→${suspect}`;
      const first = alpha === null ? "not shown" : `${bar(alpha.value, barColumns)} ${interval(alpha)}`;
      return `  ${fitted(name, 9)}${fitted(first, 45)}${bar(cosine.value, barColumns)} ${figure(cosine.value)}`;
    }),
    ...(left > 0 ? [`  … and ${left} more layers`] : []),
    "  Honest fine-tunes of one base reach a cosine of .997; those on the same data an α of .8 to 1.15.",
  ];
}

function panel({ ancestry, cosine, panel: all }: AlignedStatistics): string[] {
  const controls = all.filter(({ matrices }) => matrices > 0);
  const rho = ancestry?.symmetric.rho ?? null;
  const value = rho?.value ?? cosine;
  if (controls.length === 0 || value === null) return [];
  const line = (name: string, of: number | null) =>
    `  ${fitted(name, 28)}${of === null ? "not measured" : `${bar(of, barColumns)} ${figure(of)}`}`;
  return [
    "",
    `  ${rho === null ? "cosine" : "ρ beyond the ancestors"}, this pair and its controls`,
    line("this pair", value),
    ...controls.flatMap((one) => {
      const values = rho === null ? one.cosine : one.rho;
      return (["original", "suspect"] as const).map((side) =>
        line(`control ${one.control + 1} and the ${side}`, values[side]),
      );
    }),
  ];
}

function residual({ residual: found }: AlignedStatistics): string[] {
  if (found === null) return [];
  const bars = residualBars(found);
  const most = Math.max(1, ...bars.flatMap(({ count, expected }) => [count, expected ?? 0]));
  const drawn = (of: "count" | "expected") =>
    heights(
      bars.map((one) => Math.round(one[of] ?? 0)),
      most,
    );
  const size = found.sigma === null ? `sd ${figure(found.sd)}` : `σ ${figure(found.sigma)}`;
  return [
    "",
    `  difference of one matrix (${size}), from −4 to 4 standard deviations`,
    `  ${found.tensor.suspect}`,
    `    seen         ${drawn("count")}`,
    ...(found.expected === null ? [] : [`    white noise  ${drawn("expected")}`]),
  ];
}
