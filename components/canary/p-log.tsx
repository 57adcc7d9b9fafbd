import { useLocale } from "next-intl";

/**
 * A p-value from its logarithm, two significant digits: 0.0014, or 9.5 × 10⁻⁷. Rounded up, so that it never looks
 * smaller than it is.
 */
export function PLog({ log10 }: { readonly log10: number }) {
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  if (log10 > -3.5) {
    const value = 10 ** log10;
    const unit = 10 ** (Math.floor(log10) - 1);
    return (
      <span className="nowrap">{number.format(Math.min(1, Math.ceil(value / unit - 1e-9) * unit))}</span>
    );
  }
  let power = Math.floor(log10);
  let lead = Math.ceil(10 ** (log10 - power) * 10 - 1e-9) / 10;
  if (lead >= 10) {
    lead = 1;
    power += 1;
  }
  return (
    <span className="nowrap">
      {number.format(lead)} × 10<sup>−{-power}</sup>
    </span>
  );
}
