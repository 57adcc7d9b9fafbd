/** A linear scale and its round ticks. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  /** Data to pixels. */
  at(value: number): number;
}

const roundSteps = [1, 2, 2.5, 5, 10];

/** A scale over [min, max], widened to round ticks; `from` and `to` are pixels. */
export function linearScale(min: number, max: number, from: number, to: number, wanted = 5): Scale {
  const span = max > min ? max - min : Math.abs(max) || 1;
  const magnitude = 10 ** Math.floor(Math.log10(span / wanted));
  const step = magnitude * (roundSteps.find((one) => span / (one * magnitude) <= wanted) ?? 10);
  const low = Math.floor(min / step + 1e-9) * step;
  const high = Math.max(Math.ceil(max / step - 1e-9) * step, low + step);
  const count = Math.round((high - low) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((low + index * step).toPrecision(12)));
  const at = (value: number) => from + ((value - low) / (high - low)) * (to - from);
  return { min: low, max: high, ticks, at: (value) => Math.round(at(value) * 100) / 100 };
}
