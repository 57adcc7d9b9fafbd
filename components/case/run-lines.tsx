import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
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
  const r = useTranslations("redaction");
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
            <Struck when={run.recalled.some((name) => name.startsWith(`${method}@`))}>
              {t("runs.says", {
                method: methodName(method, locale),
                says: methodSays(method, run.says[method], locale),
              })}
            </Struck>
          ) : (
            <span>{methodNames(run.methods, locale)}</span>
          )}
          {run.relation ? (
            <Struck when={run.recalled.length > 0}>
              {t("runs.overall", { relation: said(t, "relation", run.relation) })}
            </Struck>
          ) : null}
          {run.recalled.length > 0 ? (
            <span>{r("recalled.note", { methods: run.recalled.join(", ") })}</span>
          ) : null}
          {run.redacted ? <span>{r("result.title")}</span> : null}
          {run.digest ? <InlineHash value={run.digest} /> : null}
          <RunEntry entry={entries?.get(run.id)} />
        </li>
      ))}
    </ul>
  );
}

/** What a recalled method had a part in stays readable, struck through. */
function Struck({ when, children }: { readonly when: boolean; readonly children: ReactNode }) {
  return when ? <s>{children}</s> : <span>{children}</span>;
}

function RunEntry({ entry }: { readonly entry: EntryLine | undefined }) {
  return entry === undefined ? null : <EntryNote line={entry} bare />;
}
