import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { Post } from "@/components/case/post";
import { SignInFirst } from "@/components/case/sign-in-first";
import { formatMoment } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Notice } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { casePage } from "@/lib/cases/server";
import { postPage } from "@/lib/evidence/server";
import { serviceContext } from "@/lib/platform/context/server";
import { env } from "@/lib/platform/env";
import { isFormPost } from "@/lib/platform/http/form-post";
import { checkpointsForReleases } from "@/lib/registry/server";
import { BecomeVoice } from "./become-voice";
import { AppealForm, EvidenceForm, PartyForm, RunForm, WithdrawForm } from "./forms";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly reply?: string | string[] }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("cases.part");
  return { title: t("title", { id: (await params).id }), robots: { index: false } };
}

export default async function TakePartPage({ params, searchParams }: Props) {
  const [{ id }, { reply }, viewer] = await Promise.all([params, searchParams, currentViewer()]);
  const ctx = serviceContext(viewer);
  const page = await casePage(ctx, id, viewer);
  if (page === null) notFound();
  const [t, cases, locale] = await Promise.all([
    getTranslations("cases.part"),
    getTranslations("cases"),
    getLocale() as Promise<Locale>,
  ]);
  const replyTo = typeof reply === "string" ? await postPage(ctx, reply, viewer) : null;
  const parent = replyTo?.case.id === page.id ? replyTo.post : null;
  const here = `/cases/${page.publicId}/take-part${parent ? `?reply=${parent.id}` : ""}`;
  const head = (
    <PageHead
      kicker={<PageLink href={`/cases/${page.publicId}`}>{t("back")}</PageLink>}
      title={t("title", { id: page.publicId })}
      lead={cases("title", { suspect: page.suspect, original: page.original })}
    />
  );
  const { userId } = viewer;
  // Without a session the form is here too: when it ends in the middle, what was typed comes back into it.
  const writable =
    userId === null ? page.state !== "notified" && page.state !== "withdrawn" : page.may.addEvidence;
  const ended = userId === null && isFormPost(await headers());
  const own =
    ended || (userId !== null && page.may.replyAsParty)
      ? await ctx.db.caseParty.findMany({
          where: { caseId: page.id, acceptedAt: { not: null }, ...(userId === null ? {} : { userId }) },
          select: { id: true, name: true },
        })
      : [];
  return (
    <>
      {head}
      {userId === null ? <SignInFirst next={here} /> : null}
      {own.map((party) => (
        <section className="section" key={party.id} aria-labelledby={`party-${party.id}`}>
          <h2 id={`party-${party.id}`}>{t("party", { name: party.name })}</h2>
          <p className="measure">{t("partyText")}</p>
          <PartyForm page={page} partyId={party.id} />
        </section>
      ))}
      {writable ? (
        <section className="section" aria-labelledby="evidence">
          <h2 id="evidence">{parent ? t("reply") : t("evidence")}</h2>
          {parent ? (
            <>
              <p>{t("replyText")}</p>
              <Post post={parent} />
            </>
          ) : (
            <p className="measure">{t("evidenceText")}</p>
          )}
          <EvidenceForm page={page} parentId={parent?.id ?? null} />
        </section>
      ) : (
        <Notice title={t("closed")}>
          <p>{t(page.state === "withdrawn" ? "closedText" : "closedNotified")}</p>
        </Notice>
      )}
      {own.length === 0
        ? page.parties
            .filter((party) => party.side === "suspect" && party.acceptedAt === null)
            .map((party) => (
              <BecomeVoice
                key={party.id}
                party={party}
                signedIn={userId !== null}
                contact={env().SLIPMARK_CONTACT ?? null}
              />
            ))
        : null}
      {page.may.requestRun ? (
        <section className="section" aria-labelledby="run">
          <h2 id="run">{t("run")}</h2>
          <p className="measure">{t("runText")}</p>
          <RunForm
            page={page}
            checkpoints={
              await checkpointsForReleases(
                ctx,
                page.releases.map(({ releaseId }) => releaseId),
              )
            }
          />
        </section>
      ) : null}
      {page.may.appeal && page.appealUntil ? (
        <section className="section" aria-labelledby="appeal">
          <h2 id="appeal">{t("appeal")}</h2>
          <p className="measure">
            {t("appealText", { date: formatMoment(new Date(page.appealUntil), locale) })}
          </p>
          <AppealForm page={page} />
        </section>
      ) : null}
      {page.may.withdraw ? (
        <section className="section" aria-labelledby="withdraw">
          <h2 id="withdraw">{t("withdraw")}</h2>
          <p className="measure">{t("withdrawText")}</p>
          <WithdrawForm page={page} />
        </section>
      ) : null}
      {page.may.moderate ? (
        <p className="section">
          <PageLink href={`/moderation/cases/${page.id}`}>{cases("moderate")}</PageLink>
        </p>
      ) : null}
    </>
  );
}
