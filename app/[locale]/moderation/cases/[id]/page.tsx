import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { said } from "@/components/case/names";
import { ReleaseTable } from "@/components/case/release-table";
import { RenderedText } from "@/components/case/rendered-text";
import { RunLines } from "@/components/case/run-lines";
import { SignInFirst } from "@/components/case/sign-in-first";
import { Timeline } from "@/components/case/timeline";
import { Axes } from "@/components/marks/axes";
import { formatMoment } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Refused, Waiting } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import type { ModerationPageDto } from "@/lib/cases";
import { moderationPage } from "@/lib/cases/server";
import { serviceContext } from "@/lib/platform/context/server";
import { ActSection, actsOffered, PartySection } from "./acts";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("moderation");
  return { title: t("title"), robots: { index: false } };
}

export default async function ModerateCasePage({ params }: Props) {
  const { id } = await params;
  const [t, cases, viewer] = await Promise.all([
    getTranslations("moderation"),
    getTranslations("cases"),
    currentViewer(),
  ]);
  if (viewer.userId === null) return <SignInFirst next={`/moderation/cases/${id}`} />;
  if (viewer.role === "member")
    return (
      <Refused title={t("refusedTitle")} todo={t("refusedTodo")}>
        <p>{t("refusedText")}</p>
      </Refused>
    );
  const found = await moderationPage(serviceContext(viewer), id, viewer);
  if (found === null) notFound();
  const { case: page } = found;
  const acts = actsOffered(found);
  return (
    <>
      <PageHead
        kicker={<PageLink href="/moderation">{t("title")}</PageLink>}
        title={t("caseTitle", { id: page.publicId })}
        lead={cases("title", { suspect: page.suspect, original: page.original })}
      >
        <Axes state={page.state} finding={page.finding} />
        <p>
          {page.state === "draft" ? null : (
            <PageLink href={`/cases/${page.publicId}`}>{t("toCase")}</PageLink>
          )}
        </p>
      </PageHead>
      {found.proposal ? <ProposalNote page={found} /> : null}
      <section className="section" aria-labelledby="claims">
        <h2 id="claims">{t("claims")}</h2>
        <ol>
          {page.claims.map((claim) => (
            <li key={claim.id}>
              <strong>{cases(`claimKind.${claim.kind}`)}</strong>
              <p className="verbatim">{claim.text}</p>
            </li>
          ))}
        </ol>
        <p className="note">
          {page.reporter} ·{" "}
          {cases(page.interestNote ? "interest.statedNote" : "interest.stated", {
            interest: cases(`interest.${page.interest}`),
            note: page.interestNote ?? "",
          })}
        </p>
        {found.statement ? (
          <>
            <h3>{t("statement")}</h3>
            <RenderedText text={found.statement} id={page.id} />
          </>
        ) : null}
        <ReleaseTable releases={page.releases} />
        {page.runs.length > 0 ? <RunLines runs={page.runs} /> : null}
      </section>
      {page.state === "draft" || page.state === "notified" ? (
        <section className="section" aria-labelledby="notice">
          <h2 id="notice">{t("notice")}</h2>
          <p className="measure">{t("noticeText")}</p>
          <h3>{t("noticeEn")}</h3>
          <blockquote lang="en">{found.notice.en}</blockquote>
          <h3>{t("noticeZh")}</h3>
          <blockquote lang="zh-Hans">{found.notice.zh}</blockquote>
        </section>
      ) : null}
      <section className="section" aria-labelledby="acts">
        <h2 id="acts">{t("acts")}</h2>
        {acts.length === 0 ? <p>{t("noActs")}</p> : null}
        {acts.map((act) => (
          <ActSection key={act} page={found} act={act} />
        ))}
      </section>
      {page.state === "draft" ? null : (
        <section className="section" aria-labelledby="parties">
          <h2 id="parties">{t("parties")}</h2>
          {page.parties
            .filter((party) => party.acceptedAt === null)
            .map((party) => (
              <PartySection key={party.id} page={found} party={party} />
            ))}
        </section>
      )}
      <section className="section" aria-labelledby="timeline">
        <h2 id="timeline">{cases("timeline.title")}</h2>
        <Timeline page={page} />
      </section>
    </>
  );
}

async function ProposalNote({ page }: { readonly page: ModerationPageDto }) {
  const [t, cases, common, locale] = await Promise.all([
    getTranslations("moderation"),
    getTranslations("cases"),
    getTranslations("common"),
    getLocale() as Promise<Locale>,
  ]);
  const { proposal } = page;
  if (!proposal) return null;
  const date = formatMoment(new Date(proposal.at), locale);
  return (
    <Waiting title={t("proposal")}>
      <p>
        {proposal.act === "resolve"
          ? t("proposalResolve", { date, finding: common(`finding.${proposal.finding}`) })
          : t("proposalWithdraw", { date, reason: said(cases, "why", proposal.reason) })}
      </p>
      {proposal.act === "resolve" ? (
        <ul>
          {proposal.reasons.map((reason) => (
            <li key={reason.code}>{cases(`reason.${reason.code}`)}</li>
          ))}
        </ul>
      ) : null}
      <p>
        {page.confirmableAt
          ? t("alone", { date: formatMoment(new Date(page.confirmableAt), locale) })
          : t("second")}
      </p>
    </Waiting>
  );
}
