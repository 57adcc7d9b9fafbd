import { useLocale } from "next-intl";

interface IntervalValue {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Numbers as results show them: four decimals for what lies near one, four digits for the rest. What is not a whole number
 * is never shown as one: a cosine of .99998 is not 1.
 */
export function formatNumber(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, digitsFor(value)).format(value).replace(/^-/, "−");
}

function digitsFor(value: number): Intl.NumberFormatOptions {
  if (Number.isInteger(value)) return {};
  if (Math.abs(value) < 0.01 || Math.abs(value) >= 10) return { maximumSignificantDigits: 4 };
  const decimals = [4, 6, 8].find((count) => !Number.isInteger(Number(value.toFixed(count)))) ?? 10;
  return { minimumFractionDigits: 4, maximumFractionDigits: decimals };
}

/** Formatters for one page; null is a dash, an interval stands behind its value. */
export function useNumbers() {
  const locale = useLocale();
  const number = (value: number | null) => (value === null ? "–" : formatNumber(value, locale));
  // Both ends and the value to the same decimals: the interval is what says how far to trust them.
  const fixed = new Intl.NumberFormat(locale, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
  const end = (value: number, small: boolean) =>
    small ? number(value) : fixed.format(value).replace(/^-/, "−");
  const interval = (of: IntervalValue | null) => {
    if (of === null) return "–";
    const small = Math.abs(of.value) < 0.01;
    return `${end(of.value, small)} (${end(of.low, small)} – ${end(of.high, small)})`;
  };
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const share = (value: number | null) => (value === null ? "–" : percent.format(value));
  return { number, interval, share };
}
