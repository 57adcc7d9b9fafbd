import { useLocale, useTranslations } from "next-intl";
import type { Locale } from "@/i18n/locales";
import { groupName } from "@/lib/engine/methods/sentences";
import {
  type IndependenceStatistics,
  independenceStatisticsSchema,
} from "@/lib/engine/methods/weights-independence/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { DataTable } from "./data-table";
import { EmbeddingColumns } from "./embedding-columns";
import { PlainDetails, Sentences } from "./methods-table";
import { NullLaw, OwnIndexStrips, sum } from "./own-index";
import { PValue } from "./p-value";

/** weights/independence: the windows of every layer beside the control's, and the exact law of their sum. */
export function WeightsIndependence({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.independence");
  const parsed = independenceStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success || (parsed.data.cells.length === 0 && parsed.data.embedding.pooled === null)) {
    return <PlainDetails result={result} />;
  }
  const found = parsed.data;
  const cells = found.cells.filter(({ unmeasured }) => unmeasured === null);
  const pooled = found.identity;
  return (
    <section className="section" aria-labelledby="independence">
      <h2 id="independence">{t("title")}</h2>
      {cells.length > 0 ? (
        <OwnIndexStrips
          cells={cells}
          controls={found.controls}
          pooled={pooled}
          windowRows={found.windowRows}
          title={t("strips.title")}
          name="own-index"
        />
      ) : null}
      {pooled ? (
        <NullLaw
          cells={cells}
          controls={found.controls}
          pooled={pooled}
          caption={t.rich("law.caption", {
            factor: found.multiplicity.factor,
            p: () => <PValue log10={pooled.log10P} />,
          })}
          limits={t("law.limits")}
          name="null-law"
        />
      ) : null}
      <EmbeddingColumns found={found} />
      <PrivateGroups found={found} />
      <LayerMaps found={found} />
      <Sentences result={result} />
    </section>
  );
}

/** Groups that no given ancestor has: a common base does not explain what is seen in them. */
function PrivateGroups({ found }: { readonly found: IndependenceStatistics }) {
  const t = useTranslations("result.independence.private");
  const locale = useLocale() as Locale;
  const own = found.private;
  if (own === null) return null;
  if (own.cells.length === 0) return <p className="measure">{t("none")}</p>;
  return (
    <DataTable
      caption={
        own.pooled
          ? t("caption", { matched: own.pooled.matched, of: own.pooled.of, expected: own.pooled.expected })
          : t("unmeasured")
      }
      columns={[
        { name: t("tensor") },
        { name: t("inSuspect") },
        { name: t("group") },
        { name: t("axis") },
        { name: t("rows"), number: true },
      ]}
      rows={own.cells.map((cell) => [
        <code key="o">{cell.original.tensor}</code>,
        <code key="s">{cell.suspect.tensor}</code>,
        groupName(cell.group)[locale],
        t(`axes.${cell.axis}`),
        cell.unmeasured === null
          ? t("ofRows", { matched: cell.matched, rows: sum(cell.windows.sizes) })
          : t(`why.${cell.unmeasured}`),
      ])}
    />
  );
}

/** Layers shifted against each other, and pairs of layers found by search; both are paid for in p. */
function LayerMaps({ found }: { readonly found: IndependenceStatistics }) {
  const t = useTranslations("result.independence.maps");
  const rows = [
    ...found.maps.map(({ original, suspect, offset, pooled }) => [
      t("offset", { original, suspect, offset: offset > 0 ? `+${offset}` : String(offset) }),
      t("ofRows", { matched: pooled.matched, rows: pooled.of }),
      <PValue key="p" log10={pooled.log10P} />,
    ]),
    ...(found.search?.found ?? []).map(({ original, suspect, matched, of, log10P }) => [
      t("pair", { original: original.layer, suspect: suspect.layer }),
      t("ofRows", { matched, rows: of }),
      <PValue key="p" log10={log10P} />,
    ]),
  ];
  if (rows.length === 0 && found.search === null) return null;
  if (rows.length === 0)
    return <p className="measure">{t("nothing", { pairs: found.search?.pairs ?? 0 })}</p>;
  return (
    <DataTable
      caption={t("caption", { maps: found.maps.length, pairs: found.search?.pairs ?? 0 })}
      columns={[{ name: t("layers") }, { name: t("rows"), number: true }, { name: "p", number: true }]}
      rows={rows}
    />
  );
}
