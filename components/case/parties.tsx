import { useLocale, useTranslations } from "next-intl";
import { sentences } from "@/components/marks/sentences";
import { formatMoment } from "@/components/marks/time";
import type { Locale } from "@/i18n/locales";
import type { PartyDto } from "@/lib/cases";
import { said } from "./names";

export function Parties({ parties }: { readonly parties: readonly PartyDto[] }) {
  const t = useTranslations("cases");
  const nameless = useTranslations("evidence");
  const locale = useLocale() as Locale;
  return (
    <dl className="facts">
      {parties.map((party) => (
        <div className="fact" key={party.id}>
          <dt>
            <code>{party.name}</code> {t(`parties.${party.side}`)}
          </dt>
          <dd>
            {party.acceptedAt
              ? t("parties.accepted", {
                  speaker: party.speaker ?? nameless("nameless"),
                  date: formatMoment(new Date(party.acceptedAt), locale, true),
                  basis: said(t, "parties.basis", party.basis ?? ""),
                })
              : sentences([t("parties.nobody"), t("parties.howTo")], locale)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
