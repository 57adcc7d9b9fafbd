import { useTranslations } from "next-intl";
import { Distribution } from "@/components/figures/distribution";
import type { AlignedStatistics } from "@/lib/engine/methods/weights-aligned/schema";
import { useNumbers } from "../numbers";

/** The difference of one matrix beside what white noise of that size would give. */
export function ResidualLaw({ found }: { readonly found: AlignedStatistics }) {
  const t = useTranslations("result.aligned.residual");
  const { number } = useNumbers();
  const { residual } = found;
  if (residual === null) return null;
  // Two bins in one bar: on the grid of a number format every second narrow bin may hold nothing.
  const step = 8 / (residual.counts.length / 2);
  const paired = (values: readonly number[]) =>
    values.flatMap((value, at) => (at % 2 === 0 ? [value + (values[at + 1] ?? 0)] : []));
  const counts = paired(residual.counts);
  const expected = residual.expected ? paired(residual.expected) : null;
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
      bars={counts.map((count, at) => [-4 + at * step, -4 + (at + 1) * step, count] as const)}
      barsLabel={t("seen")}
      {...(expected
        ? {
            curve: {
              label: t("expected"),
              points: expected.map((count, at) => [-4 + (at + 0.5) * step, count] as const),
            },
          }
        : {})}
      xName={t("unit", facts)}
    />
  );
}
