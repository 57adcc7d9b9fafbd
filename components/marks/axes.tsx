import { useTranslations } from "next-intl";
import { FindingShape, ProcedureShape, RunShape } from "./shapes";

export type ProcedureState = "draft" | "notified" | "open" | "under_verification" | "resolved" | "withdrawn";
export type FindingCode =
  | "not_examined"
  | "inconclusive"
  | "consistent_with_independent"
  | "consistent_with_derivation"
  | "attributed"
  | "licence_terms_not_met"
  | "acknowledged";
export type RunStateCode = "queued" | "running" | "finished" | "failed" | "cancelled";

const procedureTone: Readonly<Record<ProcedureState, "plain" | "living" | "waiting">> = {
  draft: "plain",
  notified: "waiting",
  open: "living",
  under_verification: "living",
  resolved: "plain",
  withdrawn: "plain",
};

export function ProcedureMark({ state }: { readonly state: ProcedureState }) {
  const t = useTranslations("common.procedure");
  return (
    <span className="mark" data-tone={procedureTone[state]}>
      <ProcedureShape state={state} />
      {t(state)}
    </span>
  );
}

/** The finding in words; the shape repeats it as two slips and what is known to join them. Never a colour. */
export function FindingMark({ finding }: { readonly finding: FindingCode }) {
  const t = useTranslations("common.finding");
  return (
    <span className="mark">
      <FindingShape finding={finding} />
      {t(finding)}
    </span>
  );
}

export function RunMark({ state }: { readonly state: RunStateCode }) {
  const t = useTranslations("common.runState");
  return (
    <span
      className="mark"
      data-tone={state === "running" ? "living" : state === "queued" ? "waiting" : "plain"}
    >
      <RunShape state={state} />
      {t(state)}
    </span>
  );
}

/** Two axes, never one score. */
export function Axes({ state, finding }: { readonly state: ProcedureState; readonly finding: FindingCode }) {
  const t = useTranslations("common");
  return (
    <dl className="axes">
      <dt>{t("procedure.label")}</dt>
      <dd>
        <ProcedureMark state={state} />
      </dd>
      <dt>{t("finding.label")}</dt>
      <dd>
        <FindingMark finding={finding} />
      </dd>
    </dl>
  );
}
