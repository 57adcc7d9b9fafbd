import { useLocale, useTranslations } from "next-intl";
import { formatMoment } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { Locale } from "@/i18n/locales";
import type { EntryDate } from "@/lib/ledger";

/** "a witness: it existed no later than 1 Mar 2026, 08:00 UTC": what a date rests on, in words. */
export function DateBasis({ basis, noLaterThan }: Pick<EntryDate, "basis" | "noLaterThan">) {
  const t = useTranslations("log.entry.basis");
  const locale = useLocale() as Locale;
  return t(basis, { date: noLaterThan === null ? "" : formatMoment(new Date(noLaterThan), locale) });
}

/** Beside a date of our own observation: its entry in the log, and what vouches for it. Null: nothing but this page. */
export function DateRests({ date }: { readonly date: EntryDate | null }) {
  const t = useTranslations("log.date");
  const line = useTranslations("log.line");
  return (
    <span className="entry-line date-rests">
      {date === null ? (
        <span>{t("none")}</span>
      ) : date.index === null ? (
        <span>{t("waiting")}</span>
      ) : (
        <>
          <PageLink href={`/log/entries/${date.index}`}>{line("entry", { index: date.index })}</PageLink>
          <span>
            {t("rests")} <DateBasis {...date} />
          </span>
        </>
      )}
    </span>
  );
}
