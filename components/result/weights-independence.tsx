import { useLocale, useTranslations } from "next-intl";
import { Distribution } from "@/components/figures/distribution";
import { type StripGroup, WindowStrips } from "@/components/figures/window-strips";
import {
  type CellStatistics,
  type IndependenceStatistics,
  independenceStatisticsSchema,
} from "@/lib/engine/methods/weights-independence/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { PlainDetails, Sentences } from "./methods-table";
import { nullOfMatches } from "./null-of-matches";

type Windows = CellStatistics["windows"];

/** weights/independence: the windows of every layer beside the control's, and the exact law of their sum. */
export function WeightsIndependence({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.independence");
  const parsed = independenceStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success || parsed.data.cells.length === 0) return <PlainDetails result={result} />;
  const found = parsed.data;
  return (
    <section className="section" aria-labelledby="independence">
      <h2 id="independence">{t("title")}</h2>
      <Strips found={found} />
      <NullLaw found={found} />
      <Sentences result={result} />
    </section>
  );
}

function Strips({ found }: { readonly found: IndependenceStatistics }) {
  const t = useTranslations("result.independence");
  const row = (cell: CellStatistics, windows: Windows) => {
    const expert = cell.original.expert === null ? "" : `.${cell.original.expert}`;
    return {
      label: t("layer", { layer: `${cell.original.layer}${expert}` }),
      windows: windows.matched,
      note: t("ofRows", { matched: sum(windows.matched), rows: sum(windows.sizes) }),
    };
  };
  const controls: StripGroup[] = found.controls.flatMap((control, at) => {
    const rows = found.cells.flatMap((cell) => {
      const windows = cell.controls[at]?.original ?? cell.controls[at]?.suspect;
      return windows ? [row(cell, windows)] : [];
    });
    return rows.length > 0 ? [{ title: t("control", { number: control.position + 1 }), rows }] : [];
  });
  const measured = found.cells.filter(({ unmeasured }) => unmeasured === null);
  const total = found.identity;
  return (
    <WindowStrips
      title={t("strips.title")}
      caption={t("strips.caption", {
        matched: total?.matched ?? 0,
        of: total?.of ?? 0,
        expected: total?.expected ?? 0,
      })}
      limits={t(controls.length > 0 ? "strips.limits" : "strips.noControl")}
      description={t("strips.description", { layers: measured.length })}
      name="own-index"
      groups={[{ title: t("subject"), rows: measured.map((cell) => row(cell, cell.windows)) }, ...controls]}
      full={found.windowRows}
      columns={[t("strips.layer"), t("strips.rows"), t("strips.windows")]}
    />
  );
}

function NullLaw({ found }: { readonly found: IndependenceStatistics }) {
  const t = useTranslations("result.independence.law");
  const locale = useLocale();
  const total = found.identity;
  if (total === null) return null;
  const counted = found.cells.filter(({ unmeasured, sameAs }) => unmeasured === null && sameAs === null);
  const law = nullOfMatches(counted.flatMap(({ windows }) => windows.sizes));
  const number = new Intl.NumberFormat(locale);
  const control = found.controls.find(({ like, related }) => like && !related);
  const controlCount = control?.against.original?.matched ?? control?.against.suspect?.matched;
  const marks = [
    { value: total.matched, label: t("subject", { matched: number.format(total.matched) }) },
    ...(controlCount === undefined
      ? []
      : [{ value: controlCount, label: t("control", { matched: number.format(controlCount) }) }]),
    ...(total.critical.e6 === null
      ? []
      : [{ value: total.critical.e6, label: t("critical", { count: number.format(total.critical.e6) }) }]),
  ];
  return (
    <Distribution
      title={t("title")}
      caption={t("caption", { log10P: total.log10P, factor: found.multiplicity.factor })}
      limits={t("limits")}
      description={t("description", { matched: total.matched, expected: total.expected })}
      name="null-law"
      bars={law.filter(([, p]) => p > 1e-12).map(([count, p]) => [count - 0.5, count + 0.5, p] as const)}
      barsLabel={t("probability")}
      marks={marks}
      xName={t("rows")}
    />
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
