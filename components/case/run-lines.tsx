import { useTranslations } from "next-intl";
import { RunMark } from "@/components/marks/axes";
import { InlineHash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { CaseRunDto } from "@/lib/cases";
import { said } from "./names";

/** Runs in short: state, what they found, digest. Each links to its page. */
export function RunLines({
  runs,
  method,
}: {
  readonly runs: readonly CaseRunDto[];
  readonly method?: string;
}) {
  const t = useTranslations("cases");
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
              {method}: <code>{run.says[method]}</code>
            </span>
          ) : (
            <span>{run.methods.join(", ")}</span>
          )}
          {run.relation ? <span>{said(t, "relation", run.relation)}</span> : null}
          {run.digest ? <InlineHash value={run.digest} /> : null}
        </li>
      ))}
    </ul>
  );
}
