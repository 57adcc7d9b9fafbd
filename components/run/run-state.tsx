import { useLocale, useTranslations } from "next-intl";
import { RedactionNote } from "@/components/log/redaction-note";
import { ResultView } from "@/components/result/result-view";
import { ErrorNote, Notice, Waiting } from "@/components/states/states";
import type { RunPageDto } from "@/lib/verification";
import { RunProgress } from "./run-progress";

/** The body of a run's page, by where the run stands: waiting, live, failed with its reason, cancelled, or its result. */
export function RunState({ run }: { readonly run: RunPageDto }) {
  const t = useTranslations("runs");
  switch (run.state) {
    case "queued":
      return (
        <Waiting title={t("queued.title")}>
          <p>{t("queued.text", { before: run.waitingBefore ?? 0 })}</p>
          <Live run={run} />
        </Waiting>
      );
    case "running":
      return (
        <Notice title={t("running.title")}>
          <p>{t("running.text")}</p>
          <Live run={run} />
        </Notice>
      );
    case "failed":
      return <Failed run={run} />;
    case "cancelled":
      return (
        <Notice title={t("cancelled.title")}>
          <p>{t("cancelled.text")}</p>
        </Notice>
      );
    case "finished":
      return run.result ? <ResultView runId={run.id} result={run.result} /> : <RedactedResult run={run} />;
  }
}

/** A finished run has a result, unless that was redacted. */
function RedactedResult({ run }: { readonly run: RunPageDto }) {
  const t = useTranslations("redaction.result");
  if (run.redaction === null) return null;
  return (
    <Notice title={t("title")}>
      <p>{t("text")}</p>
      <p>
        <RedactionNote redaction={run.redaction} />
      </p>
    </Notice>
  );
}

function Live({ run }: { readonly run: RunPageDto }) {
  const t = useTranslations("runs");
  const locale = useLocale();
  const phases = [
    "open",
    "identity",
    "architecture",
    "tokenizer",
    "weights/aligned",
    "weights/independence",
    "weights/invariant",
    "weights/full",
    "weights/fingerprint",
    "code",
    "lineage",
    "summary",
    "other",
  ] as const;
  return (
    <RunProgress
      initial={{
        id: run.id,
        state: run.state,
        ended: run.ended,
        progress: run.progress,
        attempts: run.attempts,
        cancelRequested: run.cancelRequested,
        failure: run.failure,
        digest: run.digest,
        waitingBefore: run.waitingBefore,
      }}
      text={{
        locale,
        label: t("progress.label"),
        queued: t("queued.title"),
        reload: t("progress.reload"),
        step: t("progress.step", { done: "DONE", total: "TOTAL" }),
        read: t("progress.read", { bytes: "BYTES" }),
        phases: Object.fromEntries(phases.map((phase) => [phase, t(`phases.${phase}`)])),
      }}
    />
  );
}

function Failed({ run }: { readonly run: RunPageDto }) {
  const t = useTranslations("runs");
  const errors = useTranslations("errors");
  const code = run.failure?.code ?? "internal";
  const reason = t.has(`failure.${code}`)
    ? t(`failure.${code}`, run.failure?.detail ?? {})
    : errors(errors.has(code) ? code : "internal");
  return (
    <ErrorNote title={t("failed.title")} kept={t("failed.kept")} todo={t("failed.todo")}>
      <p>{reason}</p>
      <p className="note">
        <code>{code}</code>
        {Object.entries(run.failure?.detail ?? {}).map(([name, value]) => (
          <span key={name}>
            {" · "}
            {name}: <code>{value}</code>
          </span>
        ))}
      </p>
    </ErrorNote>
  );
}
