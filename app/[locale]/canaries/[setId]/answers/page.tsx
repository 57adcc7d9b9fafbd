import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { ActForm, type FieldSpec } from "@/components/forms/act-form";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Notice, Refused } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { type AnswerSetDto, answerRoles, type SetPageDto, setIdSchema } from "@/lib/canaries";
import { askEndpointNames, askJobsOfSet, canarySet } from "@/lib/canaries/server";
import { serviceContext } from "@/lib/platform/context/server";
import { isFormPost } from "@/lib/platform/http/form-post";
import { askEndpoint, askJudgement, handInAnswers, pin, stopAsking } from "./actions";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly setId: string }>;
}

interface Forms {
  readonly locale: Locale;
  readonly signIn: { readonly href: string; readonly label: string };
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("canaries.answers");
  return { title: t("title"), robots: { index: false } };
}

/** Answers come in here: handed in, or asked for by the worker; and judgements are asked for. */
export default async function AnswersPage({ params }: Props) {
  const [{ setId }, viewer, locale, t] = await Promise.all([
    params,
    currentViewer(),
    getLocale() as Promise<Locale>,
    getTranslations("canaries.answers"),
  ]);
  const ctx = serviceContext(viewer);
  const set = setIdSchema.safeParse(setId).success ? await canarySet(ctx, setId) : null;
  if (set === null) notFound();
  const signIn = `/sign-in?${new URLSearchParams({ next: `/${locale}/canaries/${setId}/answers` })}`;
  const ended = viewer.userId === null && isFormPost(await headers());
  const forms = { locale, signIn: { href: `/${locale}${signIn}`, label: t("signInElsewhere") } };
  const open = set.kind === "generator" ? set.nonce.state === "known" : set.revealed > 0;
  return (
    <>
      <PageHead
        kicker={<PageLink href={`/canaries/${set.setId}`}>{t("back")}</PageLink>}
        title={t("title")}
        lead={t("lead")}
      />
      {viewer.userId === null && !ended ? (
        <Refused title={t("signInTitle")} todo={<PageLink href={signIn}>{t("signIn")}</PageLink>} />
      ) : (
        <div className="stack stack-wide">
          <Notice title={t("worthTitle")} level={2}>
            <p>{t("worthText")}</p>
          </Notice>
          <Pin set={set} forms={forms} />
          <HandIn set={set} forms={forms} mine={viewer.userId === set.ownerId} />
          <section className="section stack" aria-labelledby="ask">
            <h2 id="ask">{t("askTitle")}</h2>
            <p className="measure">{t("askText")}</p>
            {open ? (
              <Ask
                set={set}
                forms={forms}
                mine={viewer.userId === set.ownerId}
                operated={askEndpointNames(ctx)}
              />
            ) : (
              <p className="measure">{t("askSealed")}</p>
            )}
            <Jobs set={set} forms={forms} jobs={await askJobsOfSet(ctx, set.setId)} />
          </section>
          <Judge
            set={set}
            forms={forms}
            open={set.kind === "generator" ? open : set.state === "revealed" || set.state === "failed"}
          />
        </div>
      )}
    </>
  );
}

async function whoAnswers(set: SetPageDto, mine: boolean): Promise<FieldSpec[]> {
  const [t, roles] = await Promise.all([
    getTranslations("canaries.answers"),
    getTranslations("canaries.roles"),
  ]);
  const hints = {
    original: t("roleOriginalHint"),
    suspect: t("roleSuspectHint"),
    reference: t("roleReferenceHint"),
  };
  return [
    { kind: "hidden", name: "setId", value: set.setId },
    {
      kind: "radio",
      name: "role",
      label: t("role"),
      options: answerRoles
        .filter((role) => mine || role !== "original")
        .map((value) => ({ value, label: roles(value), hint: hints[value] })),
    },
    { kind: "text", name: "name", label: t("name"), hint: t("nameHint") },
    { kind: "text", name: "weights", label: t("weights"), hint: t("weightsHint"), code: true },
    { kind: "text", name: "family", label: t("family"), hint: t("familyHint") },
    { kind: "text", name: "base", label: t("base"), hint: t("baseHint") },
    { kind: "text", name: "vendor", label: t("vendor") },
  ];
}

interface PartProps {
  readonly set: SetPageDto;
  readonly forms: Forms;
}

async function Pin({ set, forms }: PartProps) {
  const t = await getTranslations("canaries.answers");
  return (
    <section className="section stack" aria-labelledby="pin">
      <h2 id="pin">{t("pinTitle")}</h2>
      <p className="measure">{t("pinText")}</p>
      <ActForm
        {...forms}
        action={pin}
        id="pin-form"
        prefix="pin-"
        button={t("pin")}
        pendingLabel={t("pinning")}
        fields={[
          { kind: "hidden", name: "setId", value: set.setId },
          { kind: "text", name: "address", label: t("pinAddress"), hint: t("pinAddressHint"), code: true },
        ]}
      />
    </section>
  );
}

async function HandIn({ set, forms, mine }: PartProps & { readonly mine: boolean }) {
  const t = await getTranslations("canaries.answers");
  const others = set.answers.filter(({ role, collector }) => role !== "original" && !collector.site);
  return (
    <section className="section stack" aria-labelledby="hand-in">
      <h2 id="hand-in">{t("uploadTitle")}</h2>
      <p className="measure">{t("uploadText")}</p>
      <ActForm
        {...forms}
        action={handInAnswers}
        id="hand-in-form"
        prefix="hand-in-"
        button={t("upload")}
        pendingLabel={t("uploading")}
        fields={[
          ...(await whoAnswers(set, mine)),
          { kind: "text", name: "release", label: t("release"), hint: t("releaseHint"), code: true },
          ...(others.length === 0
            ? []
            : [confirmsField(others, t("confirms"), t("confirmsHint"), t("confirmsNone"))]),
          { kind: "file", name: "file", label: t("file"), hint: t("fileHint"), accept: ".jsonl,.ndjson" },
        ]}
      />
    </section>
  );
}

function confirmsField(
  others: readonly AnswerSetDto[],
  label: string,
  hint: string,
  none: string,
): FieldSpec {
  return {
    kind: "select",
    name: "confirms",
    label,
    hint,
    options: [
      { value: "", label: none },
      ...others.map(({ id, name }) => ({ value: id, label: `${name} · ${id}` })),
    ],
  };
}

async function Ask({
  set,
  forms,
  mine,
  operated,
}: PartProps & { readonly mine: boolean; readonly operated: readonly string[] }) {
  const t = await getTranslations("canaries.answers");
  return (
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
            operated.length === 0 ? t("endpointHint") : t("endpointOperated", { names: operated.join(", ") }),
          code: true,
        },
        { kind: "text", name: "model", label: t("model"), hint: t("modelHint"), code: true },
        ...(await whoAnswers(set, mine)),
        { kind: "text", name: "budget", label: t("budget"), hint: t("budgetHint") },
      ]}
    />
  );
}

async function Jobs({
  jobs,
  set,
  forms,
}: PartProps & { readonly jobs: Awaited<ReturnType<typeof askJobsOfSet>> }) {
  const t = await getTranslations("canaries.answers");
  const run = await getTranslations("common.runState");
  if (jobs.length === 0) return <p className="note">{t("jobsEmpty")}</p>;
  return (
    <>
      <h3>{t("jobs")}</h3>
      <ul className="plain-list stack">
        {jobs.map((job) => (
          <li key={job.id}>
            {job.name} · {run(job.state)}
            {job.progress ? ` · ${t("calls", { done: job.progress.done, total: job.progress.total })}` : null}
            {job.failure ? <span className="note"> · {job.failure.code}</span> : null}
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

async function Judge({ set, forms, open }: PartProps & { readonly open: boolean }) {
  const t = await getTranslations("canaries.answers");
  const suspects = set.answers.filter(({ role }) => role === "suspect");
  return (
    <section className="section stack" aria-labelledby="judge">
      <h2 id="judge">{t("judgeTitle")}</h2>
      <p className="measure">{t("judgeText")}</p>
      {suspects.length === 0 || !open ? (
        <p className="note">{t("judgeNotYet")}</p>
      ) : (
        <ActForm
          {...forms}
          action={askJudgement}
          id="judge-form"
          prefix="judge-"
          quiet
          button={t("judge")}
          pendingLabel={t("asking")}
          fields={[
            { kind: "hidden", name: "setId", value: set.setId },
            {
              kind: "select",
              name: "suspect",
              label: t("judgeSuspect"),
              options: suspects.map(({ id, name }) => ({ value: id, label: name })),
            },
          ]}
        />
      )}
    </section>
  );
}
