import { useLocale, useTranslations } from "next-intl";
import type { Locale } from "@/i18n/locales";
import { groupName } from "@/lib/engine/methods/sentences";
import type { AlignedStatistics, GroupStatistics } from "@/lib/engine/methods/weights-aligned/schema";
import { DataTable } from "../data-table";
import { useNumbers } from "../numbers";

/** Each part of the model by itself: what counts, what was left out and why, how it changed. */
export function GroupsTable({ found }: { readonly found: AlignedStatistics }) {
  const t = useTranslations("result.aligned.groups");
  const words = useTranslations("result.aligned.map");
  const locale = useLocale() as Locale;
  const { number, interval, share } = useNumbers();
  const listed = (of: Readonly<Record<string, number | undefined>>, name: (code: string) => string) => {
    const some = Object.entries(of).filter(([, count]) => (count ?? 0) > 0);
    return some.length === 0
      ? t("none")
      : some.map(([code, count]) => t("item", { name: name(code), count: count ?? 0 })).join(t("comma"));
  };
  const alphaOf = ({ alpha, counted }: GroupStatistics) =>
    counted === 0 ? null : (alpha.originalToSuspect ?? alpha.suspectToOriginal);
  return (
    <DataTable
      caption={t("caption", { groups: found.groups.length })}
      columns={[
        { name: words("group") },
        { name: t("counted"), number: true },
        { name: t("leftOut") },
        { name: t("changes") },
        { name: words("equal"), number: true },
        { name: words("cosine"), number: true },
        { name: "α", number: true },
        { name: "ρ", number: true },
      ]}
      rows={found.groups.map((group) => [
        groupName(group.group)[locale],
        number(group.counted),
        listed(group.leftOut, (code) => words(`leftOut.${code}`)),
        listed(group.changes, (code) => words(`changes.${code}`)),
        share(group.equal),
        number(group.cosine),
        interval(alphaOf(group)),
        interval(group.counted === 0 ? null : group.rho),
      ])}
    />
  );
}
