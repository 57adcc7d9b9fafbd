import { useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { Hash, InlineHash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { AnswerSetDto } from "@/lib/canaries";

const order = { original: 0, suspect: 1, reference: 2 } as const;

/** Who answered, and what each answer is worth: where it comes from stands before what it says. */
export function AnswerSets({ answers }: { readonly answers: readonly AnswerSetDto[] }) {
  const t = useTranslations("canaries.set");
  const roles = useTranslations("canaries.roles");
  const classes = useTranslations("canaries.authenticity");
  const texts = useTranslations("canaries.authenticityText");
  if (answers.length === 0)
    return (
      <Empty title={t("answersEmptyTitle")} level={3}>
        <p>{t("answersEmptyText")}</p>
      </Empty>
    );
  const sorted = answers.toSorted((a, b) => order[a.role] - order[b.role]);
  const seen = [...new Set(sorted.map(({ authenticity }) => authenticity))];
  return (
    <>
      <TableBox label={t("answers")}>
        <table data-cards>
          <caption>{t("answersCaption", { count: answers.length })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("name")}</th>
              <th scope="col">{t("role")}</th>
              <th scope="col">{t("source")}</th>
              <th scope="col" data-number>
                {t("answered")}
              </th>
              <th scope="col">{t("recorded")}</th>
              <th scope="col">{t("files")}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((set) => (
              <tr key={set.id} id={set.id}>
                <th scope="row">
                  {set.name}
                  <Details set={set} />
                </th>
                <td data-label={t("role")}>{roles(set.role)}</td>
                <td data-label={t("source")}>
                  {classes(set.authenticity)}
                  <Why set={set} />
                  <br />
                  <span className="note">
                    {set.collector.site ? t("bySite") : t("bySomebody", { name: set.collector.name ?? "–" })}
                    {set.calls > 0 ? ` · ${t("callsText", { count: set.calls })}` : null}
                  </span>
                </td>
                <td data-number data-label={t("answered")}>
                  {t("answeredOf", { answered: set.answered, lines: set.lines })}
                </td>
                <td data-label={t("recorded")}>
                  {set.entry === null ? (
                    <Time at={set.createdAt} />
                  ) : (
                    <>
                      <PageLink href={`/log/entries/${set.entry}`}>
                        {t("entryOf", { index: set.entry })}
                      </PageLink>
                      <br />
                      <span className="note">
                        <Time at={set.createdAt} />
                      </span>
                    </>
                  )}
                </td>
                <td data-label={t("files")}>
                  <Files set={set} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      <dl className="facts">
        {seen.map((one) => (
          <div className="fact" key={one}>
            <dt>{classes(one)}</dt>
            <dd className="note">{texts(one)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Details({ set }: { readonly set: AnswerSetDto }) {
  const t = useTranslations("canaries.set");
  const facts = [
    [t("family"), set.family],
    [t("base"), set.base],
    [t("vendor"), set.vendor],
    [t("corpus"), set.corpus],
  ].flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
  return (
    <>
      {facts.length > 0 ? (
        <>
          <br />
          <span className="note">{facts.join(" · ")}</span>
        </>
      ) : null}
      {set.release ? (
        <>
          <br />
          <span className="note">
            <Release spec={set.release} />
          </span>
        </>
      ) : null}
      {set.weights ? (
        <div className="note">
          {t("weights")} <Hash value={set.weights} />
        </div>
      ) : null}
    </>
  );
}

/** Why the answers are worth what they are: by what is known of them as of now. */
function Why({ set }: { readonly set: AnswerSetDto }) {
  const t = useTranslations("canaries.set");
  const why = useTranslations("canaries.authenticityReasons");
  const classes = useTranslations("canaries.authenticity");
  return (
    <>
      {set.authenticityReasons.map((reason) => (
        <span className="note answer-text" key={reason}>
          {why(reason)}
        </span>
      ))}
      {set.registeredAs === set.authenticity ? null : (
        <span className="note answer-text">{t("registeredAs", { name: classes(set.registeredAs) })}</span>
      )}
    </>
  );
}

/** "hf:org/name@commit", the commit shortened. */
function Release({ spec }: { readonly spec: string }) {
  const at = spec.lastIndexOf("@") + 1;
  return (
    <>
      <code>{spec.slice(0, at)}</code>
      <InlineHash value={spec.slice(at)} />
    </>
  );
}

function Files({ set }: { readonly set: AnswerSetDto }) {
  const t = useTranslations("canaries.set");
  if (set.status === "held") return <span className="note">{t("held")}</span>;
  return (
    <>
      <a href={`/api/v1/canary-sets/${set.setId}/answers/${set.id}`}>{t("answersFile")}</a>
      {set.transcript?.blob ? (
        <>
          <br />
          <a href={`/api/v1/blobs/sha256/${set.transcript.blob}`}>{t("transcript")}</a>
        </>
      ) : null}
    </>
  );
}
