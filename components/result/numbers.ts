import { useLocale } from "next-intl";

export interface IntervalValue {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Numbers as results show them: four decimals at most for what lies near one, four digits for the rest. */
export function formatNumber(value: number, locale: string): string {
  const options =
    Number.isInteger(value) || (Math.abs(value) >= 0.01 && Math.abs(value) < 10)
      ? { maximumFractionDigits: 4 }
      : { maximumSignificantDigits: 4 };
  return new Intl.NumberFormat(locale, options).format(value).replace(/^-/, "−");
}

/** Formatters for one page; null is a dash, an interval stands behind its value. */
export function useNumbers() {
  const locale = useLocale();
  const number = (value: number | null) => (value === null ? "–" : formatNumber(value, locale));
  const interval = (of: IntervalValue | null) =>
    of === null ? "–" : `${number(of.value)} (${number(of.low)} … ${number(of.high)})`;
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const share = (value: number | null) => (value === null ? "–" : percent.format(value));
  return { number, interval, share };
}
