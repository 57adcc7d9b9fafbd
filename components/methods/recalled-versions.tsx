import { useLocale, useTranslations } from "next-intl";
import { formatMoment } from "@/components/marks/time";
import type { Locale } from "@/i18n/locales";
import type { RecalledVersion } from "@/lib/cases";

/** Versions that proved wrong, each with date, reason and the note it was recalled with. Nothing when there is none. */
export function RecalledVersions({
  recalled,
  named = false,
}: {
  readonly recalled: readonly RecalledVersion[];
  /** Says of which method: where several are listed. */
  readonly named?: boolean;
}) {
  const t = useTranslations("redaction");
  const locale = useLocale() as Locale;
  if (recalled.length === 0) return null;
  return (
    <section className="section" aria-labelledby="recalled">
      <h2 id="recalled">{t("recalled.versions")}</h2>
      <ul className="plain-list stack-tight">
        {recalled.map((one) => (
          <li key={one.id}>
            {named ? (
              <>
                <code>
                  <s>
                    {one.method}@{one.version}
                  </s>
                </code>{" "}
              </>
            ) : null}
            {t("recalled.version", {
              version: one.version,
              date: formatMoment(new Date(one.at), locale),
              reason: t(`recallReason.${one.reason as "wrong-null"}`),
            })}
            {one.note === null ? null : <p className="verbatim measure">{one.note}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
