import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { DateRests } from "@/components/log/date-rests";
import { EntryNote } from "@/components/log/entry-state";
import { InlineHash } from "@/components/marks/hash";
import { formatMoment, Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { Locale } from "@/i18n/locales";
import type { LinkDto, PostDto } from "@/lib/evidence/dto";
import type { EntryLine } from "@/lib/ledger";
import { textLanguage } from "./text-language";

interface PostProps {
  readonly post: PostDto;
  /** Where a reply can be written; left out where none can. */
  readonly replyHref?: string;
  readonly claimNumber?: number | null;
  /** On its own page: the heading says already what it is. */
  readonly alone?: boolean;
  /** Its entry in the log */
  readonly entry?: EntryLine | undefined;
  readonly children?: ReactNode;
}

/** One text: who, in which interest, when, the words, and what its links answered. */
export function Post({ post, replyHref, claimNumber, alone = false, entry, children }: PostProps) {
  const t = useTranslations("evidence");
  const locale = useLocale() as Locale;
  const changed = post.changedAt ? { date: formatMoment(new Date(post.changedAt), locale) } : null;
  return (
    <article className="post" id={post.id} data-kind={post.kind}>
      <header className="post-head">
        <strong>{post.author ?? t("nameless")}</strong>
        {post.party ? <span>{t("forParty", { name: post.party.name })}</span> : <InterestNote post={post} />}
        {alone ? null : <span>{t(`kind.${post.kind}`)}</span>}
        {claimNumber ? <span>{t("onClaim", { number: claimNumber })}</span> : null}
        <Time at={post.createdAt} />
        {changed ? (
          <span>{post.changeKind === "edit" ? t("edited", changed) : t("corrected", changed)}</span>
        ) : null}
      </header>
      {post.state === "withdrawn" ? (
        <p className="note">{t("withdrawn")}</p>
      ) : (
        <div
          className="prose post-body"
          lang={textLanguage(post.html)}
          // Sanitised by lib/evidence/render-markdown.
          // biome-ignore lint/security/noDangerouslySetInnerHtml: see above
          dangerouslySetInnerHTML={{ __html: post.html }}
        />
      )}
      {post.state === "waiting" ? <p className="note">{t("waiting")}</p> : null}
      <PostLinks links={post.links} />
      {entry ? (
        <p className="post-entry">
          <EntryNote line={entry} bare />
        </p>
      ) : null}
      <p className="post-foot no-print">
        {alone ? null : <PageLink href={`/evidence/${post.id}`}>{t("permalink")}</PageLink>}
        {replyHref ? <PageLink href={replyHref}>{t("replyTo")}</PageLink> : null}
      </p>
      {children}
    </article>
  );
}

function InterestNote({ post }: { readonly post: PostDto }) {
  const t = useTranslations("cases.interest");
  return (
    <span>
      {post.interestNote
        ? t("statedNote", { interest: t(post.interest), note: post.interestNote })
        : t("stated", { interest: t(post.interest) })}
    </span>
  );
}

function PostLinks({ links }: { readonly links: readonly LinkDto[] }) {
  const t = useTranslations("evidence");
  const locale = useLocale() as Locale;
  if (links.length === 0) return null;
  return (
    <details className="more post-links">
      <summary>{t("links")}</summary>
      <ul>
        {links.map(({ url, capture }) => {
          const date = capture ? formatMoment(new Date(capture.capturedAt), locale) : "";
          return (
            <li key={url}>
              <a href={url} rel="ugc nofollow noopener">
                {url}
              </a>
              <div className="note">
                {capture === null ? t("link.waiting") : null}
                {capture?.failure
                  ? t("link.asked", { failure: t(`link.failure.${capture.failure as "no-answer"}`), date })
                  : null}
                {capture && !capture.failure
                  ? t("link.answered", { status: String(capture.status), date })
                  : null}
                {capture?.finalUrl && capture.finalUrl !== url
                  ? ` ${t("link.movedTo")} ${capture.finalUrl}`
                  : null}
                {capture?.sha256 ? (
                  <>
                    {" "}
                    {t("link.sha256")} <InlineHash value={capture.sha256} />
                  </>
                ) : null}
                {capture ? <DateRests date={capture.date} /> : null}
              </div>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
