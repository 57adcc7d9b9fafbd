import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { TableBox } from "@/components/data/table-box";
import { RecalledVersions } from "@/components/methods/recalled-versions";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import type { Locale } from "@/i18n/locales";
import { recalledVersions } from "@/lib/cases/server";
import { canaryJudgeAbout } from "@/lib/engine/canary/judge/about";
import { methodSlug } from "@/lib/engine/methods/about";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { listedMethods } from "@/lib/verification";

/** A version that is recalled is struck through within seconds. */
export const revalidate = 5;

interface MethodPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export function generateStaticParams() {
  return [];
}

async function methodOf({ params }: MethodPageProps) {
  const { id } = await params;
  return listedMethods.find((method) => methodSlug(method.id) === id) ?? notFound();
}

export async function generateMetadata(props: MethodPageProps): Promise<Metadata> {
  const method = await methodOf(props);
  const locale = (await getLocale()) as Locale;
  return { title: method.name[locale], description: method.measures[locale] };
}

export default async function MethodPage(props: MethodPageProps) {
  const method = await methodOf(props);
  const t = await getTranslations("methods");
  const locale = (await getLocale()) as Locale;
  const recalled = [...(await recalledVersions(serviceContext(anonymous).db)).values()].filter(
    (one) => one.method === method.id,
  );
  return (
    <>
      <PageHead kicker={<PageLink href="/methods">{t("all")}</PageLink>} title={method.name[locale]}>
        <p className="kicker">
          <code>
            {recalled.some(({ version }) => version === method.version) ? (
              <s>
                {method.id}@{method.version}
              </s>
            ) : (
              `${method.id}@${method.version}`
            )}
          </code>
          {" · "}
          {t(`kind.${method.kind}`)}
        </p>
      </PageHead>
      <RecalledVersions recalled={recalled} />
      <div className="prose">
        <h2>{t("measures")}</h2>
        <p>{method.measures[locale]}</p>
        <h2>{t("null")}</h2>
        <p>{method.nullHypothesis[locale]}</p>
        <h2>{t("mayNotSay")}</h2>
        <p>{method.mayNotSay[locale]}</p>
      </div>
      <section className="section" aria-labelledby="says">
        <h2 id="says">{t("says")}</h2>
        <TableBox label={t("says")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("code")}</th>
                <th scope="col">{t("meaning")}</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(method.says).map(([code, meaning]) => (
                <tr key={code}>
                  <th scope="row">
                    <code>{code}</code>
                  </th>
                  <td>{meaning[locale]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
        <p>
          <a
            href={
              method.id === canaryJudgeAbout.id
                ? "/api/v1/schemas/canary-result.v1.json"
                : `/api/v1/schemas/statistics.${methodSlug(method.id)}.v${method.version}.json`
            }
          >
            {t("schema")}
          </a>
        </p>
      </section>
    </>
  );
}
