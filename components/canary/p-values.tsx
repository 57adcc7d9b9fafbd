import { useLocale, useTranslations } from "next-intl";
import { DataTable } from "@/components/result/data-table";
import { useNumbers } from "@/components/result/numbers";
import type { Locale } from "@/i18n/locales";
import type { Judgement } from "@/lib/engine/canary/judge";
import { PLog } from "./p-log";
import { assumptionText } from "./sentences";

const order = ["secret", "robust", "rank", "panel"] as const;

/** Each p beside the words of what it assumes; which one was registered is said, and none stands alone. */
export function PValues({ result }: { readonly result: Judgement }) {
  const t = useTranslations("canaries.judgement");
  const { number } = useNumbers();
  const locale = useLocale() as Locale;
  const rows = order.flatMap((statistic) => {
    const value = result.p[statistic];
    if (value === undefined) return [];
    const floor = "floor" in value ? value.floor : null;
    const registered = result.terms.primary === statistic && result.terms.threshold !== null;
    return [
      [
        <>
          {t(`p.${statistic}`)}
          <br />
          <span className="note">
            {t(`pKind.${value.kind}`)}
            {registered ? ` · ${t("primary")}` : null}
          </span>
        </>,
        <>
          <PLog log10={printed(value.log10, floor)} />
          {floor === null ? null : (
            <>
              <br />
              <span className="note">
                {value.value < floor
                  ? t("atFloor", { value: number(floor) })
                  : t("floorText", { value: number(floor) })}
              </span>
            </>
          )}
        </>,
        assumptionText(value, locale),
      ],
    ];
  });
  return (
    <>
      <DataTable
        caption={t("valuesNote")}
        columns={[{ name: t("statistic") }, { name: t("value") }, { name: t("assumption") }]}
        rows={rows}
      />
      <Registered result={result} />
    </>
  );
}

/** No p is printed below what its references can support. */
function printed(log10: number, floor: number | null): number {
  return floor === null ? log10 : Math.max(log10, Math.log10(floor));
}

/** The registered statistic with everything that it is multiplied by, against its threshold. */
function Registered({ result }: { readonly result: Judgement }) {
  const t = useTranslations("canaries.judgement");
  const { primary } = result;
  if (primary === null) return null;
  const parts = [
    ...(primary.sets > 1 ? [t("timesSets", { count: primary.sets })] : []),
    ...(primary.grindBits > 0 ? [t("timesGrind", { bits: primary.grindBits })] : []),
    ...(primary.pairs > 1 ? [t("timesPairs", { count: primary.pairs })] : []),
  ];
  const oneIn = primary.threshold === null ? null : Math.floor(1 / Number(primary.threshold) + 1e-9);
  return (
    <p className="measure">
      {t(`p.${primary.statistic}`)}
      {parts.length > 0 ? t("counted", { parts: parts.join(t("comma")) }) : null}
      {t("colon")}
      <PLog log10={printed(primary.log10, primary.floor)} />
      {primary.threshold === null || oneIn === null
        ? null
        : t("againstThreshold", {
            value: primary.threshold,
            reached: primary.reached ? "yes" : "no",
            n: oneIn,
          })}
    </p>
  );
}
