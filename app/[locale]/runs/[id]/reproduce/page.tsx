import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { actFormWords, interestFields, ownKeyField } from "@/components/case/act-form-words";
import { SignInFirst } from "@/components/case/sign-in-first";
import { ActForm } from "@/components/forms/act-form";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { pairOf } from "@/components/run/run-facts";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { runIdSchema } from "@/lib/verification";
import { runPage } from "@/lib/verification/server";
import { file } from "./actions";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("runs.reproductions");
  return { title: t("formTitle"), robots: { index: false } };
}

/** Where somebody who ran a result again states what came out. The run's own page never reads cookies. */
export default async function ReproducePage({ params }: Props) {
  const { id } = await params;
  if (!runIdSchema.safeParse(id).success) notFound();
  const viewer = await currentViewer();
  const run = await runPage(serviceContext(viewer), id);
  if (run === null || run.case === null || run.result === null) notFound();
  const [t, runs, [interest]] = await Promise.all([
    getTranslations("runs.reproductions"),
    getTranslations("runs"),
    interestFields(),
  ]);
  const here = `/runs/${id}/reproduce`;
  return (
    <>
      <PageHead
        kicker={<PageLink href={`/runs/${id}`}>{runs("manage.back")}</PageLink>}
        title={t("formTitle")}
        lead={runs("pair", pairOf(run))}
      />
      {viewer.userId === null ? (
        <SignInFirst next={here} />
      ) : (
        <>
          <p className="measure">{t("formText")}</p>
          <pre className="command">{`${run.result.reproduce.fromCapsule} --json`}</pre>
          <ActForm
            {...(await actFormWords(here))}
            action={file}
            id="reproduction-form"
            button={t("button")}
            fields={[
              { kind: "hidden", name: "runId", value: id },
              { kind: "area", name: "document", label: t("document"), hint: t("documentHint"), rows: 6 },
              ...(interest ? [interest] : []),
              await ownKeyField(),
            ]}
          />
        </>
      )}
    </>
  );
}
