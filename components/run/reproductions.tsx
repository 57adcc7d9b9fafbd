import { useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { EntryNote } from "@/components/log/entry-state";
import { Hash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { ReproductionDto } from "@/lib/verification";

interface Props {
  readonly runId: string;
  readonly reproductions: readonly ReproductionDto[];
}

/** Who says that they ran this again, and what came out: confirmations and contradictions in one list, in one size. */
export function Reproductions({ runId, reproductions }: Props) {
  const t = useTranslations("runs.reproductions");
  const independent = reproductions.filter((one) => one.same && one.independent);
  return (
    <section className="section" aria-labelledby="reproductions">
      <h2 id="reproductions">{t("title")}</h2>
      <p className="measure">
        {t("count", {
          same: independent.length,
          other: reproductions.filter((one) => !one.same).length,
        })}{" "}
        {t("word")}
      </p>
      {reproductions.length === 0 ? (
        <Empty title={t("none")} level={3} />
      ) : (
        <TableBox label={t("title")}>
          <table data-cards>
            <caption>{t("caption")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("by")}</th>
                <th scope="col">{t("out")}</th>
                <th scope="col">{t("how")}</th>
                <th scope="col">{t("at")}</th>
              </tr>
            </thead>
            <tbody>
              {reproductions.map((one) => (
                <Row key={one.id} reproduction={one} />
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
      <p className="screen-only">
        <PageLink href={`/runs/${runId}/reproduce`}>{t("add")}</PageLink>
      </p>
    </section>
  );
}

function Row({ reproduction }: { readonly reproduction: ReproductionDto }) {
  const t = useTranslations("runs.reproductions");
  const interest = useTranslations("cases.interest");
  const { by, computed, same, from, build, createdAt, entry } = reproduction;
  return (
    <tr>
      <th scope="row">
        {by ?? t("nameless")}
        <p className="note">{interest(reproduction.interest)}</p>
      </th>
      <td data-label={t("out")}>
        {t(same ? "same" : "other")}
        {same ? null : <Hash value={computed} />}
      </td>
      <td data-label={t("how")}>
        {t(`from.${from}`)}
        {build === null ? <p className="note">{t("ownBuild")}</p> : <Hash value={build} />}
      </td>
      <td data-label={t("at")}>{entry === null ? <Time at={createdAt} /> : <EntryNote line={entry} />}</td>
    </tr>
  );
}
