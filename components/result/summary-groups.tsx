import { useLocale, useTranslations } from "next-intl";
import type { Locale } from "@/i18n/locales";
import { groupName } from "@/lib/engine/methods/sentences";
import type { ResultSummary } from "@/lib/engine/result/document";
import { DataTable } from "./data-table";
import { useNumbers } from "./numbers";

/** The parts of the model, each with its own relation: a shared tower says nothing of the rest. */
export function SummaryGroups({ groups }: { readonly groups: ResultSummary["groups"] }) {
  const t = useTranslations("result");
  const locale = useLocale() as Locale;
  const { number } = useNumbers();
  if (groups.length < 2) return null;
  return (
    <DataTable
      caption={t("groups.caption")}
      columns={[
        { name: t("groups.group") },
        { name: t("groups.tensors"), number: true },
        { name: t("relation.label") },
      ]}
      rows={groups.map(({ group, tensors, relation }) => [
        groupName(group)[locale],
        number(tensors),
        t(`relation.${relation}`),
      ])}
    />
  );
}
