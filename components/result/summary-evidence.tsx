import { useLocale, useTranslations } from "next-intl";
import type { Locale } from "@/i18n/locales";
import { methodsAbout } from "@/lib/engine/methods/about";
import type { MethodResult } from "@/lib/engine/result/document";
import { DataTable } from "./data-table";
import { methodName } from "./method-names";
import { FalseFlags, PValue } from "./p-value";

interface SummaryEvidenceProps {
  readonly methods: readonly MethodResult[];
  readonly controls: number;
}

/** Every p-value with its null and with how often its test flagged pairs known to be unrelated. Two numbers, never one. */
export function SummaryEvidence({ methods, controls }: SummaryEvidenceProps) {
  const t = useTranslations("result.evidence");
  const locale = useLocale() as Locale;
  const tested = methods.filter(({ pValueLog10 }) => pValueLog10 !== null);
  if (tested.length === 0) return null;
  return (
    <DataTable
      caption={t("caption", { controls })}
      columns={[
        { name: t("test") },
        { name: t("p"), number: true },
        { name: t("null") },
        { name: t("flags") },
      ]}
      rows={tested.map((result) => [
        methodName(result.method, locale),
        <span key="p">
          ≤ <PValue log10={result.pValueLog10 ?? 0} />
        </span>,
        locale === "en" && result.null !== null
          ? result.null
          : methodsAbout.find(({ id }) => id === result.method)?.nullHypothesis[locale],
        <FalseFlags key="f" flags={result.falseFlags} />,
      ])}
    />
  );
}
