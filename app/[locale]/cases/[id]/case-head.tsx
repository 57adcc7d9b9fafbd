import { useLocale, useTranslations } from "next-intl";
import { Appeals } from "@/components/case/appeals";
import { findingSentence } from "@/components/case/names";
import { Axes } from "@/components/marks/axes";
import { sentences } from "@/components/marks/sentences";
import { formatMoment } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { Notice, Waiting } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import type { CasePageDto } from "@/lib/cases";

interface Props {
  readonly page: CasePageDto;
  readonly replies: number;
  readonly now: Date;
}

/** Title that names artefacts, the two axes, what must be known before reading on, and a sentence to quote. */
export function CaseHead({ page, replies, now }: Props) {
  const t = useTranslations("cases");
  const common = useTranslations("common");
  const locale = useLocale() as Locale;
  const finished = page.runs.filter((run) => run.state === "finished").length;
  return (
    <>
      <PageHead
        kicker={
          <>
            <span className="tabular">{t("kicker", { id: page.publicId })}</span>
            {page.documented ? (
              <>
                {" "}
                <span className="tag">{t("documented")}</span>
              </>
            ) : null}
            {page.example && !page.documented ? (
              <>
                {" "}
                <span className="tag">{t("example")}</span>
              </>
            ) : null}
          </>
        }
        title={t("title", { suspect: page.suspect, original: page.original })}
      >
        <Axes state={page.state} finding={page.finding} />
        <p className="not-a-finding">{common("notAFinding")}</p>
        <p className="measure">
          {sentences(
            [
              t("asOf", { date: formatMoment(now, locale) }),
              findingSentence(t, page),
              t("measured", { count: finished }),
              t("answered", { count: replies }),
            ],
            locale,
          )}
        </p>
      </PageHead>
      <div className="stack">
        {page.state === "notified" ? (
          <Waiting title={t("unlisted")}>
            <p>{t("unlistedText")}</p>
          </Waiting>
        ) : null}
        {page.state === "withdrawn" ? (
          <Notice title={t("withdrawn")}>
            <p>{t("withdrawnText")}</p>
          </Notice>
        ) : null}
        <Appeals appeals={page.appeals} />
        {page.declared ? (
          <Notice title={t("declared")}>
            <p>{t("declaredText")}</p>
          </Notice>
        ) : null}
        {page.documented ? (
          <Notice title={t("documented")}>
            <p>{t("documentedText")}</p>
          </Notice>
        ) : null}
        {page.local ? (
          <Notice title={t("local")}>
            <p>{t("localText")}</p>
          </Notice>
        ) : null}
        {page.finding === "not_examined" && finished > 0 ? (
          <p className="note measure">{t("notYetExamined")}</p>
        ) : null}
        {page.example && !page.documented ? <p className="note">{t("exampleText")}</p> : null}
      </div>
    </>
  );
}
