import { useLocale, useTranslations } from "next-intl";
import { formatMoment } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Notice } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import type { ModelPageDto } from "@/lib/registry";

/** Which registration took the place of this one, and whose place it took. */
export function Superseded({ model }: { readonly model: Pick<ModelPageDto, "supersededBy" | "supersedes"> }) {
  const t = useTranslations("registry.supersede");
  const locale = useLocale() as Locale;
  const { supersededBy, supersedes } = model;
  return (
    <>
      {supersededBy ? (
        <Notice title={t("by", { date: formatMoment(supersededBy.at, locale) })}>
          <p>
            {t(`reasons.${supersededBy.reason}`)}:{" "}
            <PageLink href={`/models/${supersededBy.id}`}>{supersededBy.name}</PageLink>
          </p>
          <p>{t("stays")}</p>
        </Notice>
      ) : null}
      {supersedes.map(({ id, name, at }) => (
        <p key={id} className="note">
          {t("of", { date: formatMoment(at, locale) })} <PageLink href={`/models/${id}`}>{name}</PageLink>
        </p>
      ))}
    </>
  );
}
