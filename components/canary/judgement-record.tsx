import { useLocale, useTranslations } from "next-intl";
import { CopyButton } from "@/components/marks/copy-button";
import { Hash } from "@/components/marks/hash";
import { formatSize } from "@/components/marks/size";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { JudgementDto } from "@/lib/canaries";
import { leftOutText } from "./left-out";

type Judged = NonNullable<JudgementDto["judged"]>;

interface JudgementRecordProps {
  readonly setId: string;
  readonly judged: Judged;
  readonly finishedAt: Date | null;
}

/** Which answers were judged, and how a stranger computes the same. */
export function JudgementRecord({ setId, judged, finishedAt }: JudgementRecordProps) {
  const t = useTranslations("canaries.judgement");
  const classes = useTranslations("canaries.authenticity");
  const common = useTranslations("common.hash");
  const locale = useLocale();
  const why = useTranslations("canaries.judgement.leftOutReasons");
  const lines = judged.reproduce.join("\n");
  const sets = [
    [t("originalAnswers"), judged.original] as const,
    [t("suspectAnswers"), judged.suspect] as const,
  ];
  return (
    <section className="section" aria-labelledby="record">
      <h2 id="record">{t("record")}</h2>
      <div className="row">
        <div className="stack">
          <dl className="facts">
            {sets.map(([name, set]) => (
              <div className="fact" key={set.id}>
                <dt>{name}</dt>
                <dd>
                  <PageLink href={`/canaries/${setId}#${set.id}`}>{set.name}</PageLink> ·{" "}
                  {classes(set.authenticity)}
                </dd>
              </div>
            ))}
            {judged.leftOut.length === 0 ? null : (
              <div className="fact">
                <dt>{t("leftOut")}</dt>
                <dd>
                  <ul className="plain-list">
                    {judged.leftOut.map(({ id, name, reason }) => (
                      <li key={id}>
                        {name} · <span className="note">{leftOutText(reason, why)}</span>
                      </li>
                    ))}
                  </ul>
                </dd>
              </div>
            )}
          </dl>
          {lines === "" ? null : (
            <>
              <h3>{t("reproduce")}</h3>
              <p className="measure">{t("reproduceText")}</p>
              <pre className="command">{lines}</pre>
              <CopyButton value={lines} label={common("copy")} doneLabel={common("copied")} />
            </>
          )}
        </div>
        <dl className="row-margin margin-facts">
          <dt>{t("digest")}</dt>
          <dd>
            <Hash value={judged.digest} />
          </dd>
          {finishedAt ? (
            <>
              <dt>{t("finished")}</dt>
              <dd>
                <Time at={finishedAt} />
              </dd>
            </>
          ) : null}
          <dt>{t("bundle")}</dt>
          <dd>
            <a href={judged.bundle.path}>
              {t("bundleFile", { size: formatSize(judged.bundle.size, locale) })}
            </a>
            <Hash value={judged.bundle.sha256} />
          </dd>
          {judged.build ? (
            <>
              <dt>{t("build")}</dt>
              <dd>
                <a href={judged.build.path}>{t("buildFile")}</a>
                <Hash value={judged.build.sha256} />
              </dd>
            </>
          ) : null}
          <dt>JSON</dt>
          <dd>
            <a href={`/api/v1/canary-judgements/${judged.judgementId}`}>{t("file")}</a>
          </dd>
        </dl>
      </div>
    </section>
  );
}
