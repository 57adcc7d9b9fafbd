import { randomUUID } from "node:crypto";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { pairOf, RunFacts } from "@/components/run/run-facts";
import { Notice } from "@/components/states/states";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { runIdSchema } from "@/lib/verification";
import { runPage } from "@/lib/verification/server";
import { ActForm } from "./act-form";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("runs.manage");
  return { title: t("title"), robots: { index: false } };
}

/** Acts of the signed-in on a run. The run's own page is the same for everybody and never reads cookies. */
export default async function ManageRunPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}) {
  const { id } = await params;
  if (!runIdSchema.safeParse(id).success) notFound();
  const viewer = await currentViewer();
  const run = await runPage(serviceContext(viewer), id);
  if (run === null) notFound();
  const t = await getTranslations("runs");
  const errors = await getTranslations("errors");
  const locale = await getLocale();
  const shared = { locale, runId: run.id, sendKey: randomUUID(), summary: errors("summary", { count: 1 }) };
  const address = run.check ? `/check/${run.check.id}` : `/runs/${run.id}`;
  return (
    <>
      <PageHead
        kicker={<PageLink href={address}>{t("manage.back")}</PageLink>}
        title={t("manage.title")}
        lead={t("pair", pairOf(run))}
      >
        <RunFacts run={run} />
      </PageHead>
      <div className="stack stack-wide">
        {run.may.rerun ? (
          <section className="stack">
            <h2>{t("manage.rerunTitle")}</h2>
            <p className="measure">{t("manage.rerunHint")}</p>
            <ActForm act="rerun" label={t("manage.rerun")} {...shared} />
          </section>
        ) : null}
        {run.may.cancel ? (
          <section className="stack">
            <h2>{t("manage.cancelTitle")}</h2>
            <p className="measure">{t("manage.cancelHint")}</p>
            <ActForm act="cancel" label={t("manage.cancel")} {...shared} />
          </section>
        ) : null}
        {run.cancelRequested && !run.ended ? <p>{t("manage.stopping")}</p> : null}
        {run.may.rerun || run.may.cancel ? null : (
          <Notice title={t("manage.nothingTitle")}>
            <p>{t("manage.nothing")}</p>
            {viewer.role === "anonymous" ? (
              <p>
                <a href={`/${locale}/sign-in?next=${encodeURIComponent(`/${locale}/runs/${run.id}/manage`)}`}>
                  {t("manage.signIn")}
                </a>
              </p>
            ) : null}
          </Notice>
        )}
      </div>
    </>
  );
}
