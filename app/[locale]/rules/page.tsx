import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { TableBox } from "@/components/data/table-box";
import { ProcedureMark } from "@/components/marks/axes";
import { PageHead } from "@/components/page-head";

const rules = [
  "axes",
  "listing",
  "measured",
  "controls",
  "nothingDeleted",
  "versions",
  "capture",
  "declared",
  "review",
  "moderation",
  "corrections",
  "quotable",
] as const;

const states = ["draft", "notified", "open", "under_verification", "resolved", "withdrawn"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("rules");
  return { title: t("title"), description: t("lead") };
}

export default async function RulesPage() {
  const t = await getTranslations("rules");
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <ol className="numbered measure">
        {rules.map((rule) => (
          <li key={rule} id={rule}>
            <h2>{t(`items.${rule}.title`)}</h2>
            <p>{t(`items.${rule}.text`)}</p>
          </li>
        ))}
      </ol>
      <section className="section" id="states" aria-labelledby="states-title">
        <h2 id="states-title">{t("states.title")}</h2>
        <TableBox label={t("states.title")}>
          <table data-cards>
            <caption>{t("states.caption")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("states.state")}</th>
                <th scope="col">{t("states.sees")}</th>
                <th scope="col">{t("states.moves")}</th>
                <th scope="col">{t("states.clock")}</th>
              </tr>
            </thead>
            <tbody>
              {states.map((state) => (
                <tr key={state}>
                  <th scope="row">
                    <ProcedureMark state={state} />
                  </th>
                  <td data-label={t("states.sees")}>{t(`states.${state}.sees`)}</td>
                  <td data-label={t("states.moves")}>{t(`states.${state}.moves`)}</td>
                  <td data-label={t("states.clock")}>{t(`states.${state}.clock`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
        <p className="measure">{t("check")}</p>
      </section>
    </>
  );
}
