import { log10 } from "../../statistics/elementary";

/** log10 of p · factor, rounded up at the sixth decimal, never above 0. */
export function times(log10P: number, factor: number): number {
  const value = Math.ceil((log10P + log10(factor) + 1e-9) * 1e6) / 1e6;
  return value >= 0 ? 0 : value;
}
