import { useLocale, useTranslations } from "next-intl";
import type { EntriesByPart } from "@/components/log/entries-by-part";
import { EntryNote } from "@/components/log/entry-state";
import { PageLink } from "@/components/page-link";
import { methodName } from "@/components/result/method-names";
import type { Locale } from "@/i18n/locales";
import type { CasePageDto, ClaimDto } from "@/lib/cases";
import { methodSlug } from "@/lib/engine/methods/about";
import type { PostDto } from "@/lib/evidence/dto";
import { Post } from "./post";
import { RunLines } from "./run-lines";
import { textLanguage } from "./text-language";

interface Props {
  readonly page: CasePageDto;
  readonly partyReplies: readonly PostDto[];
  readonly entries: EntriesByPart;
}

/** Each claim with its own reply beside it and the runs that examined it below. */
export function ClaimList({ page, partyReplies, entries }: Props) {
  return page.claims.map((claim) => (
    <Claim
      key={claim.id}
      claim={claim}
      page={page}
      entries={entries}
      replies={partyReplies.filter((post) => post.claimId === claim.id)}
    />
  ));
}

interface ClaimProps {
  readonly claim: ClaimDto;
  readonly page: CasePageDto;
  readonly replies: readonly PostDto[];
  readonly entries: EntriesByPart;
}

function Claim({ claim, page, replies, entries }: ClaimProps) {
  const t = useTranslations("cases");
  const locale = useLocale() as Locale;
  const name = page.parties.find((party) => party.side === "suspect")?.name ?? page.suspect;
  const entry = entries.get(`claim-${claim.number}`);
  return (
    <article className="claim" id={`claim-${claim.number}`}>
      <div className="equal">
        <div>
          <h3>{t("claims.titled", { number: claim.number, kind: t(`claimKind.${claim.kind}`) })}</h3>
          <p className="verbatim" lang={textLanguage(claim.text)}>
            {claim.text}
          </p>
          <p className="note">
            {t("claims.method")}{" "}
            <PageLink href={`/methods/${methodSlug(claim.method)}`}>
              {methodName(claim.method, locale)}
            </PageLink>
          </p>
          {entry ? (
            <p>
              <EntryNote line={entry} />
            </p>
          ) : null}
        </div>
        <div>
          <h4>{t("claims.replyToClaim", { name })}</h4>
          {replies.length > 0 ? (
            replies.map((post) => <Post key={post.id} post={post} entry={entries.get(post.id)} />)
          ) : (
            <p className="note">{t("claims.noReplyToClaim")}</p>
          )}
        </div>
      </div>
      {claim.runs.length > 0 ? (
        <RunLines runs={claim.runs} method={claim.method} entries={entries} />
      ) : (
        <p className="note">{t("claims.noRuns")}</p>
      )}
    </article>
  );
}
