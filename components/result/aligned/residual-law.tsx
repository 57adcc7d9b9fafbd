import { useTranslations } from "next-intl";
import { Distribution } from "@/components/figures/distribution";
import type { AlignedStatistics } from "@/lib/engine/methods/weights-aligned/schema";
import { residualBars } from "@/lib/engine/result/residual-bars";
import { useNumbers } from "../numbers";

/** The difference of one matrix beside what white noise of that size would give. */
export function ResidualLaw({ found }: { readonly found: AlignedStatistics }) {
  const t = useTranslations("result.aligned.residual");
  const { number } = useNumbers();
  const { residual } = found;
  if (residual === null) return null;
  const bars = residualBars(residual);
  const facts = {
    tensor: residual.tensor.suspect,
    sigma: number(residual.sigma),
    sd: number(residual.sd),
    values: residual.counts.reduce((sum, count) => sum + count, 0),
  };
  return (
    <Distribution
      title={t("title")}
      caption={t(residual.sigma === null ? "notWhite" : "white", facts)}
      limits={t("limits", facts)}
      description={t("description", facts)}
      name="residual"
      bars={bars.map(({ from, to, count }) => [from, to, count] as const)}
      barsLabel={t("seen")}
      {...(residual.expected
        ? {
            curve: {
              label: t("expected"),
              points: bars.map(({ from, to, expected }) => [(from + to) / 2, expected ?? 0] as const),
            },
          }
        : {})}
      xName={t("unit", facts)}
    />
  );
}
