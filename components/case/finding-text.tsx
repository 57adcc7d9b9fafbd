import { useLocale, useTranslations } from "next-intl";
import { formatMoment } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { Locale } from "@/i18n/locales";
import type { CasePageDto } from "@/lib/cases";
import { findingSentence } from "./names";

/** The finding in sentences made from its codes, each reason with what it rests on. */
export function FindingText({ page }: { readonly page: CasePageDto }) {
  const t = useTranslations("cases");
  const locale = useLocale() as Locale;
  return (
    <div className="prose">
      <p>
        <strong>{findingSentence(t, page)}</strong>
      </p>
      {page.findingReasons.length > 0 && !page.documented ? (
        <ul>
          {page.findingReasons.map((reason) => (
            <li key={`${reason.code} ${reason.runId ?? reason.postId ?? ""}`}>
              {t(`reason.${reason.code}`)}{" "}
              {reason.runId ? <PageLink href={`/runs/${reason.runId}`}>{t("reasonRun")}</PageLink> : null}{" "}
              {reason.postId ? (
                <PageLink href={`/evidence/${reason.postId}`}>{t("reasonPost")}</PageLink>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      <p>{t(page.documented ? "doesNotMeanDocumented" : "doesNotMean")}</p>
      {page.appealUntil ? (
        <p>{t("appealUntil", { date: formatMoment(new Date(page.appealUntil), locale) })}</p>
      ) : null}
    </div>
  );
}
