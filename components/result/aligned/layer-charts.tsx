import { useTranslations } from "next-intl";
import { IntervalChart, type IntervalSeries } from "@/components/figures/interval-chart";
import type { AlignedStatistics } from "@/lib/engine/methods/weights-aligned/schema";
import { countedLayers } from "@/lib/engine/result/counted-layers";
import { useNumbers } from "../numbers";

type Layer = AlignedStatistics["layers"][number];

/** α and cosine of every layer with their intervals; one drawing for each stack of layers. */
export function LayerCharts({ found }: { readonly found: AlignedStatistics }) {
  const stacks = [...Map.groupBy(countedLayers(found), ({ stack }) => stack)];
  return stacks.map(([stack, layers]) => (
    <LayerChart
      key={stack}
      stack={stacks.length > 1 ? stack : null}
      layers={layers}
      ancestors={found.ancestry?.given ?? 0}
    />
  ));
}

interface LayerChartProps {
  readonly stack: string | null;
  readonly layers: readonly Layer[];
  readonly ancestors: number;
}

function LayerChart({ stack, layers, ancestors }: LayerChartProps) {
  const t = useTranslations("result.aligned.layers");
  const { number } = useNumbers();
  const name = ({ original, suspect }: Layer) =>
    original === suspect ? String(suspect) : `${original}→${suspect}`;
  const alphas = layers.flatMap(({ alpha }) => (alpha ? [alpha.value] : []));
  const cosines = layers.map(({ cosine }) => cosine.value);
  const series: IntervalSeries[] = [
    ...(alphas.length > 0
      ? [
          {
            label: "α",
            points: layers.map((layer) => (layer.alpha ? { label: name(layer), ...layer.alpha } : null)),
          },
        ]
      : []),
    {
      label: t("cosine"),
      points: layers.map((layer) => ({ label: name(layer), ...layer.cosine })),
    },
  ];
  const range = (values: readonly number[]) => ({
    low: number(Math.min(...values)),
    high: number(Math.max(...values)),
  });
  const cosine = range(cosines);
  const alpha = range(alphas);
  const title = stack === null ? t("title") : t("titleOf", { stack });
  return (
    <IntervalChart
      title={title}
      caption={
        alphas.length > 0
          ? t("caption", {
              layers: layers.length,
              alphaLow: alpha.low,
              alphaHigh: alpha.high,
              cosineLow: cosine.low,
              cosineHigh: cosine.high,
            })
          : t(ancestors > 0 ? "captionNoAlpha" : "captionNoAncestor", {
              layers: layers.length,
              cosineLow: cosine.low,
              cosineHigh: cosine.high,
            })
      }
      limits={t("limits")}
      description={t("description", {
        layers: layers.length,
        cosineLow: cosine.low,
        cosineHigh: cosine.high,
      })}
      name="layers"
      positions={layers.map(name)}
      positionName={t("layer")}
      series={series}
      keep={[0, 1.1]}
      references={[
        { value: 0, label: t("nothing") },
        { value: 1, label: t("everything") },
      ]}
    />
  );
}
