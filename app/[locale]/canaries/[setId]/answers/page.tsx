import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { ActForm } from "@/components/forms/act-form";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Notice, Refused } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { setIdSchema } from "@/lib/canaries";
import { askEndpointNames, askJobsOfSet, canarySet } from "@/lib/canaries/server";
import { serviceContext } from "@/lib/platform/context/server";
import { isFormPost } from "@/lib/platform/http/form-post";
import { askJudgement, pin } from "./actions";
import { Ask } from "./ask";
import type { PartProps } from "./fields";
import { HandIn, LateTranscript } from "./hand-in";
import { Pictures } from "./pictures";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly setId: string }>;
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
  // What is still sealed after the last day counts as missed, so that there is something to judge then, too.
  const settled = set.state === "revealed" || set.state === "failed";
  const judgeable = set.kind === "generator" ? set.nonce.state === "known" : settled;
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
          <HandIn set={set} forms={forms} />
          <LateTranscript set={set} forms={forms} />
          <Pictures set={set} forms={forms} />
          <Ask
            set={set}
            forms={forms}
            operated={askEndpointNames(ctx)}
            jobs={await askJobsOfSet(ctx, set.setId)}
          />
          <Judge set={set} forms={forms} open={judgeable} />
        </div>
      )}
    </>
  );
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
