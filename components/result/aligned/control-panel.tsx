import { useTranslations } from "next-intl";
import { type DotRow, DotRows } from "@/components/figures/dot-rows";
import type { AlignedStatistics } from "@/lib/engine/methods/weights-aligned/schema";
import { useNumbers } from "../numbers";

/** The pair beside its controls: what an innocent release looks like under the same measure. */
export function ControlPanel({ found }: { readonly found: AlignedStatistics }) {
  const t = useTranslations("result.aligned.panel");
  const { number } = useNumbers();
  // A control without a comparable matrix measured nothing.
  const panel = found.panel.filter(({ matrices }) => matrices > 0);
  const rho = found.ancestry?.symmetric.rho ?? null;
  const measure = rho === null ? "cosine" : "rho";
  if (measure === "cosine" && found.cosine === null) return null;
  const dot = (label: string, value: number | null): DotRow => ({
    label,
    subject: false,
    value,
    note: number(value),
  });
  const subject: DotRow = {
    label: t("subject"),
    subject: true,
    value: rho?.value ?? found.cosine,
    ...(rho ? { low: rho.low, high: rho.high } : {}),
    note: number(rho?.value ?? found.cosine),
  };
  const controls = panel.flatMap((control) => {
    const values = control[measure];
    return (["original", "suspect"] as const).map((side) =>
      dot(t(`with.${side}`, { number: control.control + 1 }), values[side]),
    );
  });
  const symbol = t(`symbol.${measure}`);
  return (
    <DotRows
      title={t(`title.${measure}`)}
      caption={
        panel.length > 0
          ? t("caption", {
              measure: symbol,
              subject: subject.note,
              control: number(Math.max(...controls.map(({ value }) => value ?? Number.NEGATIVE_INFINITY))),
            })
          : t("noControl", { measure: symbol, subject: subject.note })
      }
      limits={t(`limits.${measure}`)}
      description={t("description", { controls: panel.length, measure: symbol, subject: subject.note })}
      name="panel"
      xName={symbol}
      dots={[subject, ...controls]}
      keep={[0, 1]}
      columns={[t("comparison"), t("symbol.cosine"), t("equal"), "ρ", t("rule")]}
      rows={[
        [
          t("subject"),
          found.cosine,
          found.equal,
          rho?.value ?? null,
          found.ancestry?.symmetric.ruleShare ?? null,
        ],
        ...panel.flatMap((control) =>
          (["original", "suspect"] as const).map((side) => [
            t(`with.${side}`, { number: control.control + 1 }),
            control.cosine[side],
            control.equal[side],
            control.rho[side],
            control.ruleShare[side],
          ]),
        ),
      ]}
    />
  );
}
