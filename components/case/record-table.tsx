import { useLocale, useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import type { RecordDto } from "@/lib/cases";

/** What public sources state about a documented case: dated, sourced, not measured here. */
export function RecordTable({ record }: { readonly record: readonly RecordDto[] }) {
  const t = useTranslations("cases.record");
  const locale = useLocale() === "zh" ? "zh" : "en";
  return (
    <TableBox label={t("title")}>
      <table data-cards>
        <caption>{t("caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("date")}</th>
            <th scope="col">{t("statement")}</th>
            <th scope="col">{t("source")}</th>
          </tr>
        </thead>
        <tbody>
          {record.map((one) => (
            <tr key={one.position}>
              <th scope="row" className="tabular">
                {one.date}
              </th>
              <td data-label={t("statement")}>{one.text[locale]}</td>
              <td data-label={t("source")}>
                <span className="tag">{kindOf(t, one.sourceKind)}</span>{" "}
                {one.sourceUrl ? (
                  <a href={one.sourceUrl} rel="nofollow noopener">
                    {one.source}
                  </a>
                ) : (
                  one.source
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

function kindOf(t: ReturnType<typeof useTranslations<"cases.record">>, kind: string): string {
  return kind === "file" || kind === "issue" || kind === "press" ? t(`kind.${kind}`) : kind;
}
