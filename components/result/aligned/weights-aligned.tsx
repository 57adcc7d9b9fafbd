import { useTranslations } from "next-intl";
import { alignedStatisticsSchema } from "@/lib/engine/methods/weights-aligned/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { PlainDetails, Sentences } from "../methods-table";
import { ChangesInWords } from "./changes-in-words";
import { ControlPanel } from "./control-panel";
import { GroupsTable } from "./groups-table";
import { LayerCharts } from "./layer-charts";
import { ResidualLaw } from "./residual-law";
import { TensorOrigins } from "./tensor-origins";

/** weights/aligned: layer by layer, the controls beside the pair, the form of the difference, and what came from where. */
export function WeightsAligned({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.aligned");
  const parsed = alignedStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success || parsed.data.tensors.sampled === 0) return <PlainDetails result={result} />;
  const found = parsed.data;
  return (
    <section className="section" aria-labelledby="aligned">
      <h2 id="aligned">{t("title")}</h2>
      <ChangesInWords found={found} />
      <LayerCharts found={found} />
      <ControlPanel found={found} />
      <ResidualLaw found={found} />
      <TensorOrigins found={found} />
      <GroupsTable found={found} />
      <Sentences result={result} />
    </section>
  );
}
