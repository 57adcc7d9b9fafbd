import { useTranslations } from "next-intl";
import { Notice } from "@/components/states/states";
import type { MethodResult } from "@/lib/engine/result/document";
import type { RunResultDto } from "@/lib/verification";
import { WeightsAligned } from "./aligned/weights-aligned";
import { CodeComparison } from "./code-comparison";
import { DeclaredLineage } from "./declared-lineage";
import { EqualFiles } from "./equal-files";
import { Inputs } from "./inputs";
import { MethodsTable, PlainDetails } from "./methods-table";
import { Reproduce } from "./reproduce";
import { Structure } from "./structure";
import { Summary } from "./summary";
import { TokenizerFacts } from "./tokenizer-facts";
import { WeightsFingerprint } from "./weights-fingerprint";
import { WeightsFull } from "./weights-full";
import { WeightsIndependence } from "./weights-independence";
import { WeightsInvariant } from "./weights-invariant";

/** Each method's own details; of a method without any, its sentences. */
const details: Readonly<Record<string, (props: { readonly result: MethodResult }) => React.ReactNode>> = {
  architecture: Structure,
  identity: EqualFiles,
  tokenizer: TokenizerFacts,
  "weights/aligned": WeightsAligned,
  "weights/independence": WeightsIndependence,
  "weights/invariant": WeightsInvariant,
  "weights/full": WeightsFull,
  "weights/fingerprint": WeightsFingerprint,
  code: CodeComparison,
  lineage: DeclaredLineage,
};

/** A whole result: words first, then what stands behind them, then how to make it again. */
export function ResultView({ runId, result }: { readonly runId: string; readonly result: RunResultDto }) {
  const t = useTranslations("result");
  const recalled = useTranslations("redaction.recalled");
  const { document } = result;
  return (
    <>
      <section aria-labelledby="summary">
        <h2 id="summary" className="visually-hidden">
          {t("summary")}
        </h2>
        {result.recalled.length === 0 ? (
          <Summary document={document} dates={result.dates} />
        ) : (
          <>
            <Notice title={recalled("title")}>
              <p>{recalled("text", { methods: result.recalled.join(", ") })}</p>
            </Notice>
            {/* Struck through as a whole: the relation is made from all methods together. */}
            <del className="recalled">
              <Summary document={document} dates={result.dates} />
            </del>
          </>
        )}
      </section>
      <section className="section" aria-labelledby="methods">
        <h2 id="methods">{t("methods.title")}</h2>
        <MethodsTable methods={document.methods} recalled={result.recalled} />
      </section>
      {document.methods.map((one) => {
        const Details = details[one.method] ?? PlainDetails;
        return <Details key={one.method} result={one} />;
      })}
      <Inputs document={document} />
      <Reproduce runId={runId} result={result} />
    </>
  );
}
