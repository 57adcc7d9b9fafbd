import { useLocale, useTranslations } from "next-intl";
import { DateRests } from "@/components/log/date-rests";
import { Time } from "@/components/marks/time";
import type { Locale } from "@/i18n/locales";
import type { ResultSummary } from "@/lib/engine/result/document";
import type { RunResultDto } from "@/lib/verification";
import { useNumbers } from "./numbers";
import { SummaryEvidence } from "./summary-evidence";
import { SummaryGroups } from "./summary-groups";

/** The summary in words: what was measured, what that means, what it does not mean. */
export function Summary({ document, dates }: Pick<RunResultDto, "document" | "dates">) {
  const t = useTranslations("result");
  const locale = useLocale() as Locale;
  const { number, interval } = useNumbers();
  const { summary, methods } = document;
  const listed = (group: "cannotExclude" | "transformations", codes: readonly string[]) =>
    codes.length === 0
      ? t(`${group}.none`)
      : new Intl.ListFormat(locale, {
          type: group === "cannotExclude" ? "disjunction" : "conjunction",
        }).format(codes.map((code) => t(`${group}.${code}`)));
  const read = methods.some(({ method, says }) => method.startsWith("weights/") && says !== "not-testable");
  const independence = summary.notIndependent === null && read ? "undecided" : String(summary.notIndependent);
  return (
    <>
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
          <dd>{t(`notIndependent.${independence}`)}</dd>
          {read ? (
            <>
              <dt>{t("closest.label")}</dt>
              <dd>{t(`closest.${summary.closest}`)}</dd>
            </>
          ) : null}
          {summary.alpha ? (
            <>
              <dt>{t("alpha")}</dt>
              <dd className="tabular">{interval(summary.alpha)}</dd>
            </>
          ) : null}
          {summary.noiseSigma === null ? null : (
            <>
              <dt>{t("noiseSigma")}</dt>
              <dd className="tabular">{number(summary.noiseSigma)}</dd>
            </>
          )}
          <dt>{t("transformations.label")}</dt>
          <dd>{listed("transformations", summary.transformations)}</dd>
          <dt>{t("cannotExclude.label")}</dt>
          <dd>{listed("cannotExclude", summary.cannotExclude)}</dd>
          <Observed observed={summary.dates} dates={dates} />
        </dl>
      </div>
      <SummaryEvidence methods={methods} controls={document.inputs.controls.length} />
      <SummaryGroups groups={summary.groups} />
    </>
  );
}

/** Which side was seen first is a matter of dates: they stand beside the relation, with what they are. */
function Observed({
  observed,
  dates,
}: {
  readonly observed: ResultSummary["dates"];
  readonly dates: RunResultDto["dates"];
}) {
  const t = useTranslations("result.observed");
  const sides = (["original", "suspect"] as const).flatMap((side) => {
    const date = observed?.[side];
    return date ? [{ side, at: date.at }] : [];
  });
  if (sides.length === 0) return null;
  return (
    <>
      <dt>{t("label")}</dt>
      {sides.map(({ side, at }) => (
        <dd key={side}>
          {t.rich(side, { date: () => <Time at={at} /> })} <DateRests date={dates[side]} />
        </dd>
      ))}
      <dd className="note">{t("note")}</dd>
    </>
  );
}
