import { useLocale, useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { formatMoment, Time } from "@/components/marks/time";
import type { Locale } from "@/i18n/locales";
import type { AccountPage } from "@/lib/accounts";
import { closeSession } from "./actions";

/** Devices that are signed in. */
export function Sessions({ sessions }: { readonly sessions: AccountPage["sessions"] }) {
  const t = useTranslations("account.sessions");
  const locale = useLocale() as Locale;
  return (
    <section className="section" id="sessions">
      <h2>{t("heading")}</h2>
      <TableBox label={t("caption")}>
        <table>
          <caption>{t("caption")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("device")}</th>
              <th scope="col">{t("since")}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <tr key={session.id}>
                <th scope="row">
                  {session.device ?? t("unknown")}
                  {session.current ? ` · ${t("current")}` : null}
                </th>
                <td>
                  <Time at={session.since} />
                </td>
                <td>
                  <form action={closeSession}>
                    <input type="hidden" name="locale" value={locale} />
                    <input type="hidden" name="sessionId" value={session.id} />
                    <button
                      type="submit"
                      className="text-button"
                      aria-label={t("endOne", { date: formatMoment(session.since, locale) })}
                    >
                      {t("end")}
                    </button>
                  </form>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </section>
  );
}
