import { useLocale, useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { Time } from "@/components/marks/time";
import type { AccountPage, ProviderChoice } from "@/lib/accounts";
import { unlink } from "./actions";

interface IdentitiesProps {
  readonly identities: AccountPage["identities"];
  readonly providers: readonly ProviderChoice[];
  readonly problem: string | null;
}

/** Accounts elsewhere that can sign in here, and those that could be linked. */
export function Identities({ identities, providers, problem }: IdentitiesProps) {
  const t = useTranslations("account.identities");
  const locale = useLocale();
  const nameOf = (id: string) => providers.find((provider) => provider.id === id)?.name ?? id;
  const free = providers.filter(
    ({ id }) => id !== "email" && !identities.some(({ provider }) => provider === id),
  );
  return (
    <section className="section" id="identities">
      <h2>{t("heading")}</h2>
      {problem === "last-way-in" ? <p role="alert">{t("last-way-in")}</p> : null}
      {identities.length === 0 ? (
        <p>{t("none")}</p>
      ) : (
        <TableBox label={t("caption")}>
          <table>
            <caption>{t("caption")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("provider")}</th>
                <th scope="col">{t("label")}</th>
                <th scope="col">{t("since")}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {identities.map((identity) => (
                <tr key={identity.id}>
                  <th scope="row">{nameOf(identity.provider)}</th>
                  <td>{identity.label ?? "–"}</td>
                  <td>
                    <Time at={identity.since} />
                  </td>
                  <td>
                    <form action={unlink}>
                      <input type="hidden" name="locale" value={locale} />
                      <input type="hidden" name="accountId" value={identity.id} />
                      <button
                        type="submit"
                        className="text-button"
                        aria-label={t("unlinkOne", {
                          provider: nameOf(identity.provider),
                          label: identity.label ?? "",
                        })}
                      >
                        {t("unlink")}
                      </button>
                    </form>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
      {free.map(({ id, name }) => (
        <form key={id} method="post" action="/api/sign-in">
          <input type="hidden" name="provider" value={id} />
          <input type="hidden" name="callbackUrl" value={`/${locale}/account#identities`} />
          <button type="submit" className="button quiet">
            {t("link", { name })}
          </button>
        </form>
      ))}
    </section>
  );
}
