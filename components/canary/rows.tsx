import { useTranslations } from "next-intl";
import { DataTable } from "@/components/result/data-table";
import { useNumbers } from "@/components/result/numbers";
import type { Judgement } from "@/lib/engine/canary/judge";

/** The comparison again under other foldings: beside the primary row, never instead of it. */
export function Rows({ result }: { readonly result: Judgement }) {
  const t = useTranslations("canaries.judgement");
  const { number } = useNumbers();
  if (result.rows.length < 2) return null;
  return (
    <details className="more">
      <summary>{t("rowsTitle")}</summary>
      <DataTable
        caption={t("rowsCaption")}
        columns={[
          { name: t("row") },
          { name: t("both"), number: true },
          { name: t("same"), number: true },
          ...(result.hits === null ? [] : [{ name: t("hitsX"), number: true }]),
        ]}
        rows={result.rows.map(({ row, nBothWrong, sameWrong, hits }) => [
          t(`rows.${row}`),
          number(nBothWrong),
          number(sameWrong),
          ...(result.hits === null ? [] : [number(hits)]),
        ])}
      />
    </details>
  );
}
