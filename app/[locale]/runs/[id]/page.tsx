import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { EntryNote } from "@/components/log/entry-state";
import { LogSeal } from "@/components/marks/log-seal";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Reproductions } from "@/components/run/reproductions";
import { pairOf, RunFacts } from "@/components/run/run-facts";
import { RunState } from "@/components/run/run-state";
import { entryLineOf } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { runIdSchema } from "@/lib/verification";
import { reproductionsOf, runPage } from "@/lib/verification/server";

export const revalidate = 5;

interface RunPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export function generateStaticParams() {
  return [];
}

/** The page everybody sees. Runs of look-ups have no public address of their own; see /check/[id]. */
async function publicRun({ params }: RunPageProps) {
  const { id } = await params;
  if (!runIdSchema.safeParse(id).success) notFound();
  const run = await runPage(serviceContext(anonymous), id);
  if (run === null || run.case === null) notFound();
  return run;
}

export async function generateMetadata(props: RunPageProps): Promise<Metadata> {
  const t = await getTranslations("runs");
  return { title: `${t("title")} · ${t("pair", pairOf(await publicRun(props)))}` };
}

export default async function RunPage(props: RunPageProps) {
  const run = await publicRun(props);
  const t = await getTranslations("runs");
  const common = await getTranslations("common");
  const ctx = serviceContext(anonymous);
  const entry = await entryLineOf(ctx.db, `verify:${run.id}`);
  const reproductions = await reproductionsOf(ctx, run.id);
  return (
    <>
      <PageHead kicker={t("kicker")} title={t("pair", pairOf(run))}>
        {run.case ? (
          <p className="kicker">
            <PageLink href={`/cases/${run.case.publicId}`}>{t("ofCase", { id: run.case.publicId })}</PageLink>
            {run.claim ? <> · {t("ofClaim", { number: run.claim.number })}</> : null}
          </p>
        ) : null}
        <RunFacts run={run} />
        {entry ? (
          <p className="cluster">
            <LogSeal state={entry.proof.state === "waiting" ? "waiting" : "sealed"} />
            <EntryNote line={entry} />
          </p>
        ) : null}
        <p className="not-a-finding">{common("notAFinding")}</p>
      </PageHead>
      <RunState run={run} />
      {run.result ? <Reproductions runId={run.id} reproductions={reproductions} /> : null}
      <p className="section screen-only">
        <PageLink href={`/runs/${run.id}/manage`}>{t("acts")}</PageLink>
      </p>
    </>
  );
}
