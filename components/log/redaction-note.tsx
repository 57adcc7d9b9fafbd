import { useLocale, useTranslations } from "next-intl";
import { formatMoment } from "@/components/marks/time";
import type { Locale } from "@/i18n/locales";

/** "Redacted 1 March 2026: personal data": when and on what ground words were taken away, never which. */
export function RedactionNote({
  redaction,
}: {
  readonly redaction: { readonly at: string; readonly reason: string };
}) {
  const t = useTranslations("redaction");
  const locale = useLocale() as Locale;
  return (
    <span className="redaction-note">
      {t("note", {
        date: formatMoment(new Date(redaction.at), locale),
        reason: t(`reason.${redaction.reason as "privacy"}`),
      })}
    </span>
  );
}
