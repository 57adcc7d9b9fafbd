import { getTranslations } from "next-intl/server";
import { failureText } from "@/components/canary/failure";
import { ActForm } from "@/components/forms/act-form";
import { PageLink } from "@/components/page-link";
import type { AskJobDto } from "@/lib/canaries";
import { askEndpoint, stopAsking } from "./actions";
import { type PartProps, whoAnswers } from "./fields";

interface AskProps extends PartProps {
  /** Names of the operator's endpoints. */
  readonly operated: readonly string[];
  readonly jobs: readonly AskJobDto[];
}

/** Has the worker ask an endpoint about the items that are open, and shows how far it is. */
export async function Ask({ set, forms, operated, jobs }: AskProps) {
  const t = await getTranslations("canaries.answers");
  return (
    <section className="section stack" aria-labelledby="ask">
      <h2 id="ask">{t("askTitle")}</h2>
      <p className="measure">{t("askText")}</p>
      {set.askable === "yes" ? (
        <ActForm
          {...forms}
          action={askEndpoint}
          id="ask-form"
          prefix="ask-"
          quiet
          button={t("ask")}
          pendingLabel={t("asking")}
          fields={[
            {
              kind: "text",
              name: "endpoint",
              label: t("endpoint"),
              hint:
                operated.length === 0
                  ? t("endpointHint")
                  : t("endpointOperated", { names: operated.join(", ") }),
              code: true,
            },
            { kind: "text", name: "model", label: t("model"), hint: t("modelHint"), code: true },
            ...(await whoAnswers(set)),
            { kind: "text", name: "budget", label: t("budget"), hint: t("budgetHint") },
          ]}
        />
      ) : (
        <p className="measure">{t(`notAskable.${set.askable}`)}</p>
      )}
      <Jobs set={set} forms={forms} jobs={jobs} />
    </section>
  );
}

async function Jobs({ jobs, set, forms }: PartProps & Pick<AskProps, "jobs">) {
  const [t, run, failures, problems] = await Promise.all([
    getTranslations("canaries.answers"),
    getTranslations("common.runState"),
    getTranslations("canaries.failures"),
    getTranslations("canaries.problems"),
  ]);
  if (jobs.length === 0) return <p className="note">{t("jobsEmpty")}</p>;
  return (
    <>
      <h3>{t("jobs")}</h3>
      <ul className="plain-list stack">
        {jobs.map((job) => (
          <li key={job.id}>
            {job.name} · {run(job.state)}
            {job.progress ? ` · ${t("calls", { done: job.progress.done, total: job.progress.total })}` : null}
            {job.failure ? (
              <span className="note answer-text">{failureText(job.failure.code, failures, problems)}</span>
            ) : null}
            {job.may.cancel && !job.cancelRequested ? (
              <ActForm
                {...forms}
                action={stopAsking}
                id={`stop-${job.id}`}
                prefix={`stop-${job.id}-`}
                quiet
                button={t("stop")}
                pendingLabel={t("asking")}
                fields={[{ kind: "hidden", name: "jobId", value: job.id }]}
              />
            ) : null}
          </li>
        ))}
      </ul>
      <p>
        <PageLink href={`/canaries/${set.setId}/answers`}>{t("reload")}</PageLink>
      </p>
    </>
  );
}
