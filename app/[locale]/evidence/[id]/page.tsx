import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { Diff } from "@/components/case/diff";
import { Post } from "@/components/case/post";
import { textLanguage } from "@/components/case/text-language";
import { entriesByPart, entriesOfPost } from "@/components/log/entries-by-part";
import { EntryList } from "@/components/log/entry-state";
import { Time } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { postPage } from "@/lib/evidence/server";
import { entryLinesAbout } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

export const revalidate = 5;

/** None at build time; each page is made when first asked for. */
export function generateStaticParams() {
  return [];
}

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

const load = cache((id: string) =>
  /^pst_[0-9a-z]{20}$/.test(id) ? postPage(serviceContext(anonymous), id, anonymous) : null,
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = await load((await params).id);
  if (!page) return {};
  const t = await getTranslations("evidence");
  return {
    title: t("pageTitle", { kind: t(`kind.${page.post.kind}`), id: page.case.publicId }),
    ...(page.case.unlisted ? { robots: { index: false } } : {}),
  };
}

export default async function EvidencePage({ params }: Props) {
  const page = await load((await params).id);
  if (!page) notFound();
  const { post } = page;
  const [t, cases, log, lines] = await Promise.all([
    getTranslations("evidence"),
    getTranslations("cases"),
    getTranslations("log"),
    entryLinesAbout(serviceContext(anonymous).db, `case:${page.case.publicId}`),
  ]);
  const own = entriesOfPost(lines, post.id);
  const entries = entriesByPart(lines);
  return (
    <>
      <PageHead
        kicker={
          <PageLink href={`/cases/${page.case.publicId}#${post.id}`}>
            {cases("kicker", { id: page.case.publicId })}
          </PageLink>
        }
        title={t("pageTitle", { kind: t(`kind.${post.kind}`), id: page.case.publicId })}
      >
        <p className="note">
          {t("of", { original: page.case.original, suspect: page.case.suspect })}
          {" · "}
          {page.claimNumber ? t("onClaim", { number: page.claimNumber }) : t("onCase")}
        </p>
      </PageHead>
      <Post post={post} alone />
      <p className="no-print">
        <PageLink href={`/cases/${page.case.publicId}/take-part?reply=${post.id}`}>{t("replyTo")}</PageLink>
        {" · "}
        <PageLink href={`/evidence/${post.id}/edit`}>{t("edit.link")}</PageLink>
      </p>
      <section className="section" aria-labelledby="versions">
        <h2 id="versions">{t("versions")}</h2>
        {page.versions.length === 1 && post.state === "visible" ? <p>{t("oneVersion")}</p> : null}
        {page.versions.length > 1 || post.state === "withdrawn" ? (
          <ol className="plain-list stack-wide stack">
            {page.versions.map((version) => (
              <li key={version.version} id={`v${version.version}`} className="stack">
                <h3>
                  {t("version", { number: version.version })} · {t(`versionKind.${version.kind}`)}
                </h3>
                <p className="note">
                  <Time at={version.createdAt} />
                </p>
                {version.diff.length > 0 ? (
                  <Diff
                    parts={version.diff}
                    label={t("diff", { number: version.version - 1 })}
                    removed={t("removed")}
                    added={t("added")}
                  />
                ) : (
                  <div
                    className="prose post-body"
                    lang={textLanguage(version.html)}
                    // Sanitised by lib/evidence/render-markdown.
                    // biome-ignore lint/security/noDangerouslySetInnerHtml: see above
                    dangerouslySetInnerHTML={{ __html: version.html }}
                  />
                )}
              </li>
            ))}
          </ol>
        ) : null}
      </section>
      {own.length > 0 ? (
        <section className="section" aria-labelledby="log">
          <h2 id="log">{log("title")}</h2>
          <EntryList lines={own} />
        </section>
      ) : null}
      <section className="section" aria-labelledby="replies">
        <h2 id="replies">{t("replies")}</h2>
        {page.replies.length === 0 ? <p>{t("noReplies")}</p> : null}
        {page.replies.map((reply) => (
          <Post key={reply.id} post={reply} entry={entries.get(reply.id)} />
        ))}
      </section>
    </>
  );
}
