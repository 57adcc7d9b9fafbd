import { useLocale, useTranslations } from "next-intl";
import type { EntriesByPart } from "@/components/log/entries-by-part";
import { EntryNote } from "@/components/log/entry-state";
import { RunMark } from "@/components/marks/axes";
import { InlineHash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { methodName, methodNames, methodSays } from "@/components/result/method-names";
import type { Locale } from "@/i18n/locales";
import type { CaseRunDto } from "@/lib/cases";
import type { EntryLine } from "@/lib/ledger";
import { said } from "./names";

/** Runs in short: state, what they found, digest. Each links to its page. */
export function RunLines({
  runs,
  method,
  entries,
}: {
  readonly runs: readonly CaseRunDto[];
  readonly method?: string;
  readonly entries?: EntriesByPart;
}) {
  const t = useTranslations("cases");
  const locale = useLocale() as Locale;
  return (
    <ul className="run-lines">
      {runs.map((run) => (
        <li key={run.id}>
          <RunMark state={run.state} />
          <PageLink href={`/runs/${run.id}`}>
            {t("runs.run")} <Time at={run.finishedAt ?? run.createdAt} />
          </PageLink>
          {method && run.says[method] ? (
            <span>
              {t("runs.says", {
                method: methodName(method, locale),
                says: methodSays(method, run.says[method], locale),
              })}
            </span>
          ) : (
            <span>{methodNames(run.methods, locale)}</span>
          )}
          {run.relation ? (
            <span>{t("runs.overall", { relation: said(t, "relation", run.relation) })}</span>
          ) : null}
          {run.digest ? <InlineHash value={run.digest} /> : null}
          <RunEntry entry={entries?.get(run.id)} />
        </li>
      ))}
    </ul>
  );
}

function RunEntry({ entry }: { readonly entry: EntryLine | undefined }) {
  return entry === undefined ? null : <EntryNote line={entry} bare />;
}
