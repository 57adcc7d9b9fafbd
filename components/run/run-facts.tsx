import { useTranslations } from "next-intl";
import { RunMark } from "@/components/marks/axes";
import { InlineHash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { RunPageDto } from "@/lib/verification";

/** What a run is: where it stands, when, for which case, and its siblings. */
export function RunFacts({ run }: { readonly run: RunPageDto }) {
  const t = useTranslations("runs");
  const roles = useTranslations("common.roles");
  return (
    <dl className="facts">
      <dt>{t("state")}</dt>
      <dd>
        <RunMark state={run.state} />
      </dd>
      {run.inputs.map((input) => (
        <div className="fact" key={`${input.role} ${input.position}`}>
          <dt>{roles(input.role)}</dt>
          <dd>
            {input.repository} @ <InlineHash value={input.commit} />
            {input.kind ? <p className="note">{t(`inputKind.${input.kind}`)}</p> : null}
          </dd>
        </div>
      ))}
      <dt>{t("queuedAt")}</dt>
      <dd>
        <Time at={run.createdAt} relative={!run.ended} />
      </dd>
      {run.finishedAt ? (
        <>
          <dt>{t("finishedAt")}</dt>
          <dd>
            <Time at={run.finishedAt} />
          </dd>
        </>
      ) : null}
      {run.rerunOf ? (
        <>
          <dt>{t("rerunOf")}</dt>
          <dd>
            <PageLink href={`/runs/${run.rerunOf}`}>{run.rerunOf}</PageLink>
          </dd>
        </>
      ) : null}
      {run.reruns.map((again) => (
        <div className="fact" key={again.id}>
          <dt>{t("again")}</dt>
          <dd>
            <PageLink href={`/runs/${again.id}`}>{again.id}</PageLink>{" "}
            {again.digest && run.digest
              ? `(${t(again.digest === run.digest ? "rerunSame" : "rerunOther")})`
              : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** "org/original and org/suspect" */
export function pairOf(run: RunPageDto): { readonly original: string; readonly suspect: string } {
  const name = (role: string) => run.inputs.find((input) => input.role === role)?.repository ?? "?";
  return { original: name("original"), suspect: name("suspect") };
}
