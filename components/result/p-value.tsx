import { useTranslations } from "next-intl";
import type { MethodResult } from "@/lib/engine/result/document";
import { useNumbers } from "./numbers";

/** A bound on p from its logarithm: a power of ten once it is small. Rounded up, so that it stays a bound. */
export function PValue({ log10 }: { readonly log10: number }) {
  const { number } = useNumbers();
  if (log10 > -2) return <>{number(Math.ceil(10 ** log10 * 1000) / 1000)}</>;
  return (
    <span className="nowrap">
      10<sup>{number(Math.ceil(log10 * 10) / 10)}</sup>
    </span>
  );
}

/** What a method gives instead of a p-value, or its p, and how often it flagged pairs known to be unrelated. */
export function MethodP({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.methods");
  return (
    <>
      {result.pValueLog10 === null ? (
        t(`noP.${result.kind}`)
      ) : (
        <>
          <span className="nowrap">
            p ≤ <PValue log10={result.pValueLog10} />
          </span>
          {result.threshold === null ? null : (
            <>
              <br />
              <span className="note">
                {t("threshold")} <PValue log10={result.threshold} />
              </span>
            </>
          )}
        </>
      )}
      {result.kind === "descriptive" ? null : (
        <>
          <br />
          <span className="note">
            <FalseFlags flags={result.falseFlags} />
          </span>
        </>
      )}
    </>
  );
}

/** Observed false flags; none of n bounds the rate by 3/n with 95 % confidence. */
export function FalseFlags({ flags }: { readonly flags: MethodResult["falseFlags"] }) {
  const t = useTranslations("result.methods");
  const { share } = useNumbers();
  if (flags === null || flags.of === 0) return <>{t("notCalibrated")}</>;
  const { observed, of } = flags;
  return <>{observed === 0 ? t("noFlags", { of, bound: share(3 / of) }) : t("flags", { observed, of })}</>;
}
