import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { TableBox } from "@/components/data/table-box";
import { RecalledVersions } from "@/components/methods/recalled-versions";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import type { Locale } from "@/i18n/locales";
import { recalledVersions } from "@/lib/cases/server";
import { methodSlug } from "@/lib/engine/methods/about";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { listedMethods } from "@/lib/verification";

/** A version that is recalled is struck through within seconds. */
export const revalidate = 5;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("methods");
  return { title: t("title"), description: t("lead") };
}

export default async function MethodsPage() {
  const t = await getTranslations("methods");
  const locale = (await getLocale()) as Locale;
  const recalled = await recalledVersions(serviceContext(anonymous).db);
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <TableBox label={t("title")}>
        <table data-cards>
          <caption>{t("caption")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("method")}</th>
              <th scope="col">{t("kindHead")}</th>
              <th scope="col">{t("measures")}</th>
              <th scope="col">{t("mayNotSay")}</th>
            </tr>
          </thead>
          <tbody>
            {listedMethods.map((method) => (
              <tr key={method.id}>
                <th scope="row">
                  <PageLink href={`/methods/${methodSlug(method.id)}`}>{method.name[locale]}</PageLink>
                  <br />
                  <code className="note">
                    {recalled.has(`${method.id}@${method.version}`) ? (
                      <s>
                        {method.id}@{method.version}
                      </s>
                    ) : (
                      `${method.id}@${method.version}`
                    )}
                  </code>
                </th>
                <td data-label={t("kindHead")}>{t(`kind.${method.kind}`)}</td>
                <td data-label={t("measures")}>{method.measures[locale]}</td>
                <td data-label={t("mayNotSay")}>{method.mayNotSay[locale]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      <RecalledVersions recalled={[...recalled.values()]} named />
      <section className="section" aria-labelledby="kinds">
        <h2 id="kinds">{t("kinds.title")}</h2>
        <dl className="facts measure">
          {(["exact", "calibrated", "descriptive"] as const).map((kind) => (
            <div key={kind} className="fact">
              <dt>{t(`kind.${kind}`)}</dt>
              <dd>{t(`kinds.${kind}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="section prose" aria-labelledby="reading">
        <h2 id="reading">{t("reading.title")}</h2>
        <p>{t("reading.relation")}</p>
        <p>{t("reading.single")}</p>
        <p>{t("reading.ancestors")}</p>
        <p>{t("reading.recall")}</p>
      </section>
    </>
  );
}
