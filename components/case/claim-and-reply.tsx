import { useLocale, useTranslations } from "next-intl";
import type { EntriesByPart } from "@/components/log/entries-by-part";
import { formatMoment } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Waiting } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import type { CasePageDto } from "@/lib/cases";
import type { PostDto, ThreadDto } from "@/lib/evidence/dto";
import { Post } from "./post";

interface Props {
  readonly page: CasePageDto;
  readonly thread: ThreadDto;
  readonly entries: EntriesByPart;
}

/**
 * The report and the reply as two columns of equal width and type. The reply's place is there before the reply is,
 * with the clock. Replies on one claim stand beside that claim instead.
 */
export function ClaimAndReply({ page, thread, entries }: Props) {
  const t = useTranslations("cases.claims");
  const general = thread.partyReplies.filter((post) => post.claimId === null);
  const of = (side: string) => general.filter((post) => post.party?.side === side);
  const name = page.parties.find((party) => party.side === "suspect")?.name ?? page.suspect;
  return (
    <div className="equal">
      <section aria-labelledby="the-report">
        <h3 id="the-report">{t("report")}</h3>
        {thread.statement ? (
          <Post post={thread.statement} entry={entries.get(thread.statement.id)} />
        ) : (
          <p>{t(page.documented ? "documentedText" : "noStatement")}</p>
        )}
        <Replies posts={of("original")} entries={entries} />
      </section>
      <section aria-labelledby="the-reply">
        <h3 id="the-reply">{t("replyTitle", { name })}</h3>
        {of("suspect").length > 0 ? (
          <Replies posts={of("suspect")} entries={entries} />
        ) : (
          <NoReply name={name} page={page} />
        )}
      </section>
    </div>
  );
}

function Replies({
  posts,
  entries,
}: {
  readonly posts: readonly PostDto[];
  readonly entries: EntriesByPart;
}) {
  return posts.map((post) => <Post key={post.id} post={post} entry={entries.get(post.id)} />);
}

function NoReply({ name, page }: { readonly name: string; readonly page: CasePageDto }) {
  const t = useTranslations("cases.claims");
  const locale = useLocale() as Locale;
  const party = page.parties.find(({ side }) => side === "suspect");
  return (
    <Waiting title={t("noReply")} level={3}>
      <p>{t("noReplyText", { name })}</p>
      {page.replyDueAt && page.state === "notified" ? (
        <p>
          <strong>{t("noReplyClock", { date: formatMoment(new Date(page.replyDueAt), locale) })}</strong>
        </p>
      ) : null}
      <p className="no-print">
        <PageLink href={`/cases/${page.publicId}/take-part${party ? `#voice-of-${party.id}` : ""}`}>
          {t("howToReply", { name })}
        </PageLink>
      </p>
    </Waiting>
  );
}
