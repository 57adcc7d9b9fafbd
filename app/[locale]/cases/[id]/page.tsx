import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { ClaimAndReply } from "@/components/case/claim-and-reply";
import { ClaimList } from "@/components/case/claim-list";
import { FindingText } from "@/components/case/finding-text";
import { Parties } from "@/components/case/parties";
import { RecordTable } from "@/components/case/record-table";
import { ReleaseTable } from "@/components/case/release-table";
import { RunLines } from "@/components/case/run-lines";
import { Thread } from "@/components/case/thread";
import { Timeline } from "@/components/case/timeline";
import { CiteBox } from "@/components/data/cite-box";
import { entriesByPart } from "@/components/log/entries-by-part";
import { EntryList } from "@/components/log/entry-state";
import { formatMoment } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { type CasePageDto, citeBibtex, citeGbt7714, permalink } from "@/lib/cases";
import { casePage } from "@/lib/cases/server";
import { threadOf } from "@/lib/evidence/server";
import { entryLinesAbout } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { CaseHead } from "./case-head";

export const revalidate = 5;

/** None at build time; each page is made when first asked for. */
export function generateStaticParams() {
  return [];
}

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

// The same page for everybody: it never reads cookies. What needs an account stands on pages of its own.
const load = cache(async (id: string) => {
  const ctx = serviceContext(anonymous);
  // Only the public number is an address; an internal id is not.
  const page = /^[A-Z][A-Z0-9]*-\d{4}-\d{4,}$/.test(id) ? await casePage(ctx, id, anonymous) : null;
  if (page === null) return null;
  const [thread, lines] = await Promise.all([
    threadOf(ctx, page.id, anonymous),
    entryLinesAbout(ctx.db, `case:${page.publicId}`),
  ]);
  return { page, thread, lines, now: ctx.clock.now(), origin: ctx.settings.publicOrigin };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = await load((await params).id);
  if (found === null) return {};
  const { page } = found;
  const [t, common] = await Promise.all([getTranslations("cases"), getTranslations("common")]);
  const title = t("title", { suspect: page.suspect, original: page.original });
  return {
    title: [
      page.publicId,
      title,
      page.state === "withdrawn" ? common("procedure.withdrawn") : common(`finding.${page.finding}`),
    ].join(" · "),
    description: t("description", { id: page.publicId }),
    ...(page.unlisted || page.example ? { robots: { index: false } } : {}),
  };
}

export default async function CasePage({ params }: Props) {
  const found = await load((await params).id);
  if (found === null) notFound();
  const { page, thread, lines } = found;
  const [t, evidence, log, locale] = await Promise.all([
    getTranslations("cases"),
    getTranslations("evidence"),
    getTranslations("log"),
    getLocale() as Promise<Locale>,
  ]);
  const entries = entriesByPart(lines);
  const numbers = new Map(page.claims.map((claim) => [claim.id, claim.number]));
  return (
    <article>
      <CaseHead page={page} replies={thread.partyReplies.length} now={found.now} />
      {page.finding === "not_examined" ? null : (
        <section className="section" aria-labelledby="finding">
          <h2 id="finding">{t("findingTitle")}</h2>
          <FindingText page={page} />
        </section>
      )}
      <section className="section" aria-labelledby="claims">
        <h2 id="claims">{t("claims.title")}</h2>
        <ClaimAndReply page={page} thread={thread} entries={entries} />
        <ClaimList page={page} partyReplies={thread.partyReplies} entries={entries} />
      </section>
      {page.record.length > 0 ? (
        <section className="section" aria-labelledby="record">
          <h2 id="record">{t("record.title")}</h2>
          <RecordTable record={page.record} />
        </section>
      ) : null}
      <section className="section" aria-labelledby="releases">
        <h2 id="releases">{t("releases.title")}</h2>
        <ReleaseTable releases={page.releases} documented={page.documented} />
      </section>
      <section className="section" aria-labelledby="runs">
        <h2 id="runs">{t("runs.title")}</h2>
        {page.runs.length > 0 ? (
          <RunLines runs={page.runs} entries={entries} />
        ) : (
          <Empty title={t("runs.empty")} level={3}>
            <p>{t("runs.emptyText")}</p>
          </Empty>
        )}
      </section>
      <section className="section" aria-labelledby="evidence">
        <h2 id="evidence">{evidence("title")}</h2>
        <Thread
          posts={thread.posts}
          publicId={page.publicId}
          claims={numbers}
          entries={entries}
          open={page.state !== "withdrawn" && page.state !== "notified"}
        />
        <TakePart page={page} text={t("takePartText")} label={t("takePart")} />
      </section>
      <section className="section" aria-labelledby="parties">
        <h2 id="parties">{t("parties.title")}</h2>
        <Parties parties={page.parties} />
      </section>
      <section className="section" aria-labelledby="timeline">
        <h2 id="timeline">{t("timeline.title")}</h2>
        <Timeline page={page} />
      </section>
      {lines.length > 0 ? (
        <section className="section" aria-labelledby="log">
          <h2 id="log">{log("title")}</h2>
          <EntryList lines={lines} />
        </section>
      ) : null}
      <section className="section" aria-labelledby="cite">
        <h2 id="cite">{t("cite")}</h2>
        <CiteBox forms={citations(page, locale, found.now, found.origin)} />
        <p className="note">{formatMoment(found.now, locale)}</p>
      </section>
    </article>
  );
}

function TakePart({
  page,
  text,
  label,
}: {
  readonly page: CasePageDto;
  readonly text: string;
  readonly label: string;
}) {
  return (
    <p className="no-print">
      <PageLink href={`/cases/${page.publicId}/take-part`} className="button quiet">
        {label}
      </PageLink>{" "}
      <span className="note">{text}</span>
    </p>
  );
}

function citations(page: CasePageDto, locale: Locale, now: Date, origin: string) {
  const facts = {
    publicId: page.publicId,
    original: page.original,
    suspect: page.suspect,
    publisher: "Slipmark",
    updatedAt: page.updatedAt,
    readAt: now.toISOString(),
    url: permalink(origin, locale, page.publicId),
  };
  return [
    { name: "BibTeX", text: citeBibtex(facts) },
    { name: "GB/T 7714", text: citeGbt7714(facts) },
  ];
}
