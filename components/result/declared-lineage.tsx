import { useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { type CardStatistics, lineageStatisticsSchema } from "@/lib/engine/methods/lineage/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { ClaimChecks } from "./claim-checks";
import { PlainDetails, Sentences } from "./methods-table";

/** lineage: what both cards declare, side by side. */
export function DeclaredLineage({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result");
  const parsed = lineageStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success) return <PlainDetails result={result} />;
  const cards = [parsed.data.original, parsed.data.suspect] as const;
  const list = (values: readonly string[]) => (values.length > 0 ? values.join(", ") : t("lineage.none"));
  const rows: readonly (readonly [string, (card: CardStatistics) => string])[] = [
    [t("lineage.base"), (card) => list(card.baseModels)],
    [t("lineage.licence"), (card) => list(card.licenceName ? [card.licenceName] : card.licences)],
    [t("lineage.names"), (card) => t(`lineage.${naming(card)}`)],
  ];
  return (
    <section className="section" aria-labelledby="lineage">
      <h2 id="lineage">{t("lineage.title")}</h2>
      <TableBox label={t("lineage.title")}>
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">{t("files.original")}</th>
              <th scope="col">{t("files.suspect")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, of]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cards.map((card, side) => (
                  <td key={side === 0 ? "original" : "suspect"}>
                    {card.state === "read"
                      ? of(card)
                      : t(card.state === "missing" ? "lineage.missing" : "lineage.unknown")}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      <ClaimChecks claims={parsed.data.claims} />
      <Sentences result={result} />
    </section>
  );
}

function naming(card: CardStatistics): "declares" | "mentions" | "unknown" | "no" {
  if (card.declaresOther === true) return "declares";
  if (card.mentionsOther !== null) return "mentions";
  return card.declaresOther === null ? "unknown" : "no";
}
