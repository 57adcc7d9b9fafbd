import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { AboutLink } from "@/components/log/about-link";
import { DateBasis } from "@/components/log/date-rests";
import { SourceBox } from "@/components/log/source-box";
import { Statement } from "@/components/log/statement";
import { Hash } from "@/components/marks/hash";
import { LogSeal } from "@/components/marks/log-seal";
import { formatMoment, Time } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Notice, Waiting } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import type { EntryPage, LedgerKind } from "@/lib/ledger";
import { entryPage } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

export const revalidate = 5;

/** None at build time; each page is made when first asked for. */
export function generateStaticParams() {
  return [];
}

interface Props {
  readonly params: Promise<{ readonly index: string }>;
}

const load = cache((index: string) =>
  /^(0|[1-9]\d{0,14})$/.test(index) ? entryPage(serviceContext(anonymous), Number(index)) : null,
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const entry = await load((await params).index);
  if (!entry) return {};
  const t = await getTranslations("log");
  return {
    title: `${t("entry.title", { index: entry.index })} · ${t(`kinds.${entry.kind as LedgerKind}`)}`,
    robots: { index: false },
  };
}

export default async function LogEntryPage({ params }: Props) {
  const entry = await load((await params).index);
  if (!entry) notFound();
  const [t, locale] = await Promise.all([getTranslations("log"), getLocale() as Promise<Locale>]);
  return (
    <article>
      <PageHead
        kicker={<PageLink href="/log">{t("entry.kicker")}</PageLink>}
        title={t("entry.title", { index: entry.index })}
        lead={t("entry.lead", {
          kind: t(`kinds.${entry.kind as LedgerKind}`),
          date: formatMoment(new Date(entry.t), locale),
        })}
      />
      {entry.proof.state === "waiting" ? (
        <Waiting title={t("entry.waitingTitle")}>
          <p>{t("entry.waitingText")}</p>
        </Waiting>
      ) : null}
      {entry.recalled.length > 0 ? <Recalled entry={entry} /> : null}
      {entry.proof.state === "redacted" || entry.redaction ? <Redacted entry={entry} /> : null}
      <section className="row" aria-labelledby="facts">
        <h2 id="facts" className="visually-hidden">
          {t("now.title")}
        </h2>
        <EntryFacts entry={entry} />
        <aside className="row-margin">
          <Downloads entry={entry} />
        </aside>
      </section>
      {entry.statement === null ? null : (
        <section className="section" aria-labelledby="statement">
          <h2 id="statement">{t("entry.statement")}</h2>
          {entry.about.kind === "unlisted" ? (
            <p className="measure">{t("entry.unlisted")}</p>
          ) : entry.recalled.length > 0 ? (
            <del className="recalled">
              <Statement entry={entry} json={entry.statement} />
            </del>
          ) : (
            <Statement entry={entry} json={entry.statement} />
          )}
        </section>
      )}
      <section className="section" aria-labelledby="leaf">
        <h2 id="leaf">{t("entry.leaf")}</h2>
        <p className="measure">{t("entry.leafNote")}</p>
        <SourceBox text={entry.leaf} label={t("entry.leaf")} />
        <dl className="facts">
          <dt>{t("entry.leafHash")}</dt>
          <dd>
            <Hash value={entry.leafHash} />
          </dd>
        </dl>
      </section>
      <nav className="pager" aria-label={t("entries.title")}>
        {entry.index > 0 ? (
          <PageLink href={`/log/entries/${entry.index - 1}`} rel="prev">
            {t("entry.before")}
          </PageLink>
        ) : null}
        {entry.index + 1 < entry.size ? (
          <PageLink href={`/log/entries/${entry.index + 1}`} rel="next">
            {t("entry.after")}
          </PageLink>
        ) : null}
        <PageLink href="/log/entries">{t("read.entries")}</PageLink>
      </nav>
    </article>
  );
}

/** The entry stands and proves what was stated; nothing rests on it any more. */
async function Recalled({ entry }: { readonly entry: EntryPage }) {
  const [t, line] = await Promise.all([getTranslations("redaction.recalled"), getTranslations("log.line")]);
  return (
    <Notice title={t("title")}>
      {entry.recalled.map(({ method, version, index }) => (
        <p key={`${method}@${version}`}>
          {t("text", { methods: `${method}@${version}` })}{" "}
          {index === null ? (
            line("waiting")
          ) : (
            <PageLink href={`/log/entries/${index}`}>{line("entry", { index })}</PageLink>
          )}
        </p>
      ))}
    </Notice>
  );
}

async function Redacted({ entry }: { readonly entry: EntryPage }) {
  const [t, r, locale] = await Promise.all([
    getTranslations("log.entry"),
    getTranslations("redaction"),
    getLocale() as Promise<Locale>,
  ]);
  const { redaction } = entry;
  return (
    <Notice
      title={
        redaction === null || redaction.scope === "entry" ? t("redactedTitle") : r(`entry.${redaction.scope}`)
      }
    >
      {redaction?.scope === "name" ? null : <p>{t("redactedText")}</p>}
      {redaction === null ? null : (
        <p>
          {r("entry.by", {
            date: formatMoment(new Date(redaction.at), locale),
            reason: r(`reason.${redaction.reason as "privacy"}`),
          })}{" "}
          {redaction.tombstone === null ? (
            r("entry.tombstoneWaits")
          ) : (
            <PageLink href={`/log/entries/${redaction.tombstone}`}>
              {r("entry.tombstone", { index: redaction.tombstone })}
            </PageLink>
          )}{" "}
          {r(redaction.clean ? "entry.clean" : "entry.cleaning")}
        </p>
      )}
    </Notice>
  );
}

async function EntryFacts({ entry }: { readonly entry: EntryPage }) {
  const t = await getTranslations("log.entry");
  return (
    <dl className="facts">
      <dt>{t("about")}</dt>
      <dd>
        <AboutLink about={entry.about} />
      </dd>
      <dt>{t("claimed")}</dt>
      <dd>
        <Time at={entry.t} relative />
      </dd>
      {entry.proof.state === "waiting" ? null : (
        <>
          <dt>{t("place")}</dt>
          <dd>{t("placeText", { index: entry.index, size: entry.size })}</dd>
        </>
      )}
      {entry.since === null ? null : (
        <>
          <dt>{t("checkpoint")}</dt>
          <dd>
            <Time at={entry.since} />
          </dd>
        </>
      )}
      <dt>{t("rests")}</dt>
      <dd>
        <DateBasis basis={entry.basis} noLaterThan={entry.noLaterThan} />
      </dd>
      <dt>{t("witnessed")}</dt>
      <dd>
        {entry.witnesses.length === 0 ? (
          t("notWitnessed")
        ) : (
          <ul className="plain-list">
            {entry.witnesses.map((witness) => (
              <li key={witness.name}>
                <Time at={witness.time} /> · {t("witnessLine", { name: witness.name, size: witness.size })}
              </li>
            ))}
          </ul>
        )}
      </dd>
      <dt>{t("timestamped")}</dt>
      <dd>
        {entry.timestamps.length === 0 ? (
          t("notTimestamped")
        ) : (
          <ul className="plain-list">
            {entry.timestamps.map((stamp) => (
              <li key={stamp.authority}>
                <Time at={stamp.time} /> · {t("witnessLine", { name: stamp.authority, size: stamp.size })}
              </li>
            ))}
          </ul>
        )}
      </dd>
      {entry.signer === null ? null : (
        <>
          <dt>{t("signer")}</dt>
          <dd>
            {t(`role.${entry.signer.role}`)}
            <div className="note">{t("signerKey")}</div>
            <Hash value={entry.signer.keyId} />
          </dd>
        </>
      )}
    </dl>
  );
}

async function Downloads({ entry }: { readonly entry: EntryPage }) {
  const t = await getTranslations("log.entry");
  if (entry.proof.state === "waiting") return <LogSeal state="waiting" />;
  return (
    <>
      <LogSeal state="sealed" href={`/log/entry/${entry.index}.tlog-proof`} />
      <ul className="plain-list stack-tight">
        <li>
          <a href={`/api/v1/entries/${entry.index}/bundle.zip`}>{t("bundle")}</a>
        </li>
        <li>
          <a href={`/log/entry/${entry.index}.tlog-proof`}>{t("proofFile")}</a>
        </li>
        {entry.statement === null ? null : (
          <li>
            <a href={`/api/v1/blobs/sha256/${entry.pae}`}>{t("bytes")}</a>
          </li>
        )}
        <li>
          <a href={`/api/v1/entries/${entry.index}`}>{t("json")}</a>
        </li>
        <li>
          <PageLink href={`/log/check?entry=${entry.index}`}>{t("check")}</PageLink>
        </li>
      </ul>
    </>
  );
}
