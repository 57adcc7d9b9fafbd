import { useLocale, useTranslations } from "next-intl";
import type { Locale } from "@/i18n/locales";
import type { ResultSummary } from "@/lib/engine/result/document";

/** The summary in words: what was measured, what that means, what it does not mean. */
export function Summary({ summary }: { readonly summary: ResultSummary }) {
  const t = useTranslations("result");
  const locale = useLocale() as Locale;
  const listed = (group: "cannotExclude" | "transformations", codes: readonly string[]) =>
    codes.length === 0
      ? t(`${group}.none`)
      : new Intl.ListFormat(locale, {
          type: group === "cannotExclude" ? "disjunction" : "conjunction",
        }).format(codes.map((code) => t(`${group}.${code}`)));
  return (
    <div className="row">
      <div className="stack">
        <p className="lead">{summary.text[locale]}</p>
        <p className="note">{t("direction")}</p>
      </div>
      <dl className="row-margin margin-facts">
        <dt>{t("relation.label")}</dt>
        <dd>
          <strong>{t(`relation.${summary.relation}`)}</strong>
        </dd>
        <dt>{t("notIndependent.label")}</dt>
        <dd>{t(`notIndependent.${summary.notIndependent}`)}</dd>
        <dt>{t("transformations.label")}</dt>
        <dd>{listed("transformations", summary.transformations)}</dd>
        <dt>{t("cannotExclude.label")}</dt>
        <dd>{listed("cannotExclude", summary.cannotExclude)}</dd>
      </dl>
    </div>
  );
}
