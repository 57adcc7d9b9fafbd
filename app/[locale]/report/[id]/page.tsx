import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { actFormWords, interestFields } from "@/components/case/act-form-words";
import { said } from "@/components/case/names";
import { ReleaseTable } from "@/components/case/release-table";
import { RenderedText } from "@/components/case/rendered-text";
import { SignInFirst } from "@/components/case/sign-in-first";
import { ActForm } from "@/components/forms/act-form";
import { formatMoment } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Notice, Waiting } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { claimAllowed, claimKinds, type DraftPageDto } from "@/lib/cases";
import { casePage, draftPage } from "@/lib/cases/server";
import { serviceContext } from "@/lib/platform/context/server";
import { handIn, saveDraft, takeBack } from "./actions";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("report.draft");
  return { title: t("title"), robots: { index: false } };
}

export default async function DraftPage({ params }: Props) {
  const { id } = await params;
  const viewer = await currentViewer();
  if (viewer.userId === null) return <SignInFirst next={`/report/${id}`} />;
  const ctx = serviceContext(viewer);
  const draft = await draftPage(ctx, id, viewer);
  const [t, cases, locale] = await Promise.all([
    getTranslations("report"),
    getTranslations("cases"),
    getLocale() as Promise<Locale>,
  ]);
  if (draft === null) {
    const page = await casePage(ctx, id, viewer);
    if (page === null) notFound();
    redirect(`/${locale}/cases/${page.publicId}`);
  }
  const name = (role: string) => draft.releases.find((one) => one.role === role)?.repository ?? "";
  return (
    <>
      <PageHead
        kicker={draft.publicId ?? t(draft.own ? "draft.title" : "draft.others")}
        title={cases("title", { suspect: name("suspect"), original: name("original") })}
        lead={draft.own ? (draft.submittedAt ? t("draft.submittedText") : t("draft.lead")) : null}
      />
      <div className="stack">
        {draft.own ? null : (
          <Notice title={t("draft.others")}>
            <p>{draft.submittedAt ? t("draft.othersText") : t("draft.othersUnsent")}</p>
            {draft.submittedAt && draft.publicId ? (
              <p>
                <PageLink href={`/moderation/cases/${draft.id}`}>
                  {t("draft.toModeration", { id: draft.publicId })}
                </PageLink>
              </p>
            ) : null}
          </Notice>
        )}
        {draft.declared ? (
          <Notice title={t("declaredTitle")}>
            <p>{t("declaredText", { original: name("original") })}</p>
          </Notice>
        ) : null}
        {draft.own && draft.refusedReason ? (
          <Notice title={t("draft.refused")}>
            <p>{t("draft.refusedText", { reason: said(cases, "why", draft.refusedReason) })}</p>
          </Notice>
        ) : null}
        {draft.own && draft.submittedAt && draft.publicId ? (
          <Waiting title={t("draft.submitted", { id: draft.publicId })}>
            <p>{t("draft.submittedText")}</p>
          </Waiting>
        ) : null}
      </div>
      <section className="section" aria-labelledby="releases">
        <h2 id="releases">{cases("releases.title")}</h2>
        <ReleaseTable releases={draft.releases} />
      </section>
      <section className="section" aria-labelledby="claims">
        <h2 id="claims">{t("draft.claims")}</h2>
        <ol>
          {draft.claims.map((claim) => (
            <li key={claim.number}>
              <strong>{cases(`claimKind.${claim.kind}`)}</strong>
              <p className="verbatim">{claim.text}</p>
            </li>
          ))}
        </ol>
        <RenderedText text={draft.statement} id={draft.id} />
      </section>
      {draft.own ? <HandIn draft={draft} /> : null}
      {draft.own && draft.submittedAt === null ? <Words draft={draft} /> : null}
    </>
  );
}

/** Its reporter hands it in, or takes it back while it waits. */
async function HandIn({ draft }: { readonly draft: DraftPageDto }) {
  const [t, locale, words] = await Promise.all([
    getTranslations("report"),
    getLocale() as Promise<Locale>,
    actFormWords(`/report/${draft.id}`),
  ]);
  const caseId = { kind: "hidden", name: "caseId", value: draft.id } as const;
  return (
    <section className="section" aria-labelledby="submit">
      {draft.submittedAt ? (
        <>
          <h2 id="submit">{t("draft.retract")}</h2>
          <ActForm {...words} action={takeBack} fields={[caseId]} button={t("draft.retract")} quiet />
        </>
      ) : (
        <>
          <h2 id="submit">{t("draft.submit")}</h2>
          <p className="measure">{t("draft.submitText")}</p>
          <ActForm {...words} action={handIn} fields={[caseId]} button={t("draft.submit")} />
          <p className="note">
            {t("draft.kept", { date: formatMoment(new Date(draft.expiresAt), locale, true) })}
          </p>
        </>
      )}
    </section>
  );
}

/** The words can be changed until the draft is handed in; the releases cannot. */
async function Words({ draft }: { readonly draft: DraftPageDto }) {
  const [t, cases] = await Promise.all([getTranslations("report"), getTranslations("cases")]);
  const words = await actFormWords(`/report/${draft.id}`);
  const text = new Map(draft.claims.map((claim) => [claim.kind, claim.text]));
  return (
    <section className="section" aria-labelledby="words">
      <h2 id="words">{t("draft.words")}</h2>
      <ActForm
        {...words}
        action={saveDraft}
        button={t("draft.save")}
        quiet
        fields={[
          { kind: "hidden", name: "caseId", value: draft.id },
          {
            kind: "claims",
            name: "claims",
            label: t("claims"),
            hint: t("claimsHint"),
            textLabel: t("claimText"),
            options: claimKinds
              .filter((kind) => claimAllowed(kind, draft.declared))
              .map((kind) => ({
                value: kind,
                label: cases(`claimKind.${kind}`),
                hint: t(`claim.${kind}`),
                chosen: text.has(kind),
                text: text.get(kind) ?? "",
              })),
          },
          {
            kind: "area",
            name: "statement",
            label: t("statement"),
            hint: t("statementHint"),
            rows: 8,
            value: draft.statement,
          },
          ...(await interestFields({ interest: draft.interest, note: draft.interestNote })),
        ]}
      />
    </section>
  );
}
