import { useLocale, useTranslations } from "next-intl";
import { Hash } from "@/components/marks/hash";
import type { Locale } from "@/i18n/locales";
import type { SetPageDto } from "@/lib/canaries";
import { lastDay } from "./last-day";

/** The public values of a set, where it stands, and what it is counted under. */
export function SetFacts({ set }: { readonly set: SetPageDto }) {
  const t = useTranslations("canaries.set");
  const kinds = useTranslations("canaries.kinds");
  const states = useTranslations("canaries.states");
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  return (
    <div className="stack">
      <dl className="facts">
        <dt>{t("state")}</dt>
        <dd>
          {set.kind !== "generator"
            ? states(set.state)
            : set.nonce.state === "known"
              ? states("drawn")
              : states("waiting")}
          <br />
          <span className="note">
            <StateText set={set} />
          </span>
        </dd>
        <dt>{t("kind")}</dt>
        <dd>{kinds(set.kind)}</dd>
        <dt>{t("items")}</dt>
        <dd>{number.format(set.items)}</dd>
        <dt>{t("root")}</dt>
        <dd>
          <Hash value={set.root} />
        </dd>
        <dt>{t("setId")}</dt>
        <dd>
          <Hash value={set.setId} />
        </dd>
        <dt>{t("author")}</dt>
        <dd>
          <Hash value={set.authorKeyId} />
        </dd>
      </dl>
      <p className="note measure">
        {set.namespace.kind === "account"
          ? t("namespaceAccount", { number: set.setsOfNamespace })
          : t("namespace", { name: set.namespace.name ?? "?", number: set.setsOfNamespace })}
      </p>
    </div>
  );
}

function StateText({ set }: { readonly set: SetPageDto }) {
  const t = useTranslations("canaries.stateText");
  const locale = useLocale() as Locale;
  const { state, revealed, items } = set;
  if (set.kind === "generator") return <>{t("generator")}</>;
  if (state === "revealed") return <>{t("revealed", { items })}</>;
  if (set.revealBy === null)
    return <>{state === "committed" ? t("committedOpenEnd") : t("partlyOpenEnd", { revealed, items })}</>;
  const date = lastDay(set.revealBy, locale);
  if (state === "failed") return <>{t("failed", { date, missing: items - revealed })}</>;
  return (
    <>{state === "committed" ? t("committed", { date }) : t("partly-revealed", { date, revealed, items })}</>
  );
}
