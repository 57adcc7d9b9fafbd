import { useLocale, useTranslations } from "next-intl";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { Locale } from "@/i18n/locales";
import type { SetRowDto } from "@/lib/canaries";
import { lastDay } from "./last-day";

/** One committed set in a list: <li> for a list of class "entries". */
export function SetEntry({ set }: { readonly set: SetRowDto }) {
  const t = useTranslations("canaries.list");
  const kinds = useTranslations("canaries.kinds");
  const states = useTranslations("canaries.states");
  const locale = useLocale() as Locale;
  return (
    <li className="entry">
      <div>
        <h3>
          <PageLink href={`/canaries/${set.setId}`}>{set.model?.name ?? <code>{set.setId}</code>}</PageLink>
        </h3>
        <p className="entry-note">
          {t("items", { count: set.items })} · {kinds(set.kind)} ·{" "}
          {set.state === "revealed" ? states(set.state) : <span className="tag">{states(set.state)}</span>}
          {set.state === "committed" && set.revealBy ? (
            <> · {t("due", { date: lastDay(set.revealBy, locale) })}</>
          ) : null}
          {set.primary ? null : <> · {t("noTerms")}</>}
        </p>
      </div>
      <div className="entry-note">
        <Time at={set.createdAt} dayOnly />
        {set.example ? (
          <>
            {" "}
            <span className="tag">{t("example")}</span>
          </>
        ) : null}
      </div>
      <div className="entry-note">
        {t.rich("by", {
          name: () => (
            <PageLink href={`/canaries?owner=${set.ownerId}`}>{set.owner ?? t("nameless")}</PageLink>
          ),
        })}
      </div>
    </li>
  );
}
