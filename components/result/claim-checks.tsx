import { useLocale, useTranslations } from "next-intl";
import type { Locale } from "@/i18n/locales";
import type { ClaimCheck } from "@/lib/engine/methods/lineage/schema";
import { groupName } from "@/lib/engine/methods/sentences";
import { DataTable } from "./data-table";
import { useNumbers } from "./numbers";

/** Each side's tensors held against each given ancestor's: what a declared base can be checked by. */
export function ClaimChecks({ claims }: { readonly claims: readonly ClaimCheck[] }) {
  const t = useTranslations("result.lineage.claims");
  const locale = useLocale() as Locale;
  const { number } = useNumbers();
  if (claims.length === 0) return null;
  return (
    <>
      <DataTable
        caption={t("caption", { ancestors: new Set(claims.map(({ ancestor }) => ancestor)).size })}
        columns={[
          { name: t("comparison") },
          { name: t("declared") },
          { name: t("group") },
          { name: t("equal"), number: true },
          { name: t("cosine"), number: true },
        ]}
        rows={claims.flatMap(({ side, ancestor, declared, groups }) =>
          groups.map(({ group, tensors, equal, medianCosine }) => [
            t("row", { side, number: ancestor + 1 }),
            t(declared === null ? "unknown" : declared ? "yes" : "no"),
            groupName(group)[locale],
            t("of", { equal, tensors }),
            number(medianCosine),
          ]),
        )}
      />
      <p className="note measure">{t("limits")}</p>
    </>
  );
}
