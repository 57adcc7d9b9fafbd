import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Time } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { pairOf, RunFacts } from "@/components/run/run-facts";
import { RunState } from "@/components/run/run-state";
import { Notice } from "@/components/states/states";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { checkIdSchema } from "@/lib/verification";
import { checkPage } from "@/lib/verification/server";

export const dynamic = "force-dynamic";

interface CheckResultProps {
  readonly params: Promise<{ readonly id: string }>;
}

async function checkOf({ params }: CheckResultProps) {
  const { id } = await params;
  if (!checkIdSchema.safeParse(id).success) notFound();
  return (await checkPage(serviceContext(anonymous), id)) ?? notFound();
}

export async function generateMetadata(props: CheckResultProps): Promise<Metadata> {
  const t = await getTranslations("check.result");
  return {
    title: `${t("kicker")}: ${t("title", pairOf(await checkOf(props)))}`,
    robots: { index: false, follow: false },
  };
}

/** A look-up: the result of two releases side by side, without a case. */
export default async function CheckResultPage(props: CheckResultProps) {
  const run = await checkOf(props);
  const t = await getTranslations("check.result");
  return (
    <>
      <PageHead kicker={t("kicker")} title={t("title", pairOf(run))}>
        <RunFacts run={run} />
        {run.check ? (
          <Notice title={t("unlisted")}>
            <p>{t.rich("gone", { date: () => <Time at={run.check?.expiresAt ?? ""} relative /> })}</p>
          </Notice>
        ) : null}
      </PageHead>
      <RunState run={run} />
      <p className="section cluster screen-only">
        <PageLink href="/check">{t("again")}</PageLink>
        <PageLink href="/report">{t("report")}</PageLink>
      </p>
    </>
  );
}
