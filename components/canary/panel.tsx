import { useTranslations } from "next-intl";
import type { AnswerSetDto } from "@/lib/canaries";

/** How many independent reference models have answered, and what fewer than needed means. */
export function Panel({
  answers,
  needed,
}: {
  readonly answers: readonly AnswerSetDto[];
  readonly needed: number;
}) {
  const t = useTranslations("canaries.set");
  const references = answers.filter(({ role }) => role === "reference");
  // A model without a stated family is counted as one of its own, as the judge does.
  const families = new Set(references.map(({ family, id }) => family ?? id)).size;
  return (
    <div className="stack-tight stack measure">
      <p>
        {t("panelCount", { count: references.length, families })}{" "}
        {references.length >= needed
          ? t("panelEnough", { needed })
          : t("panelFew", { needed, floor: references.length + 1 })}
      </p>
      <p>{t("panelAnybody")}</p>
    </div>
  );
}
