import { useLocale, useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { PageLink } from "@/components/page-link";
import type { Locale } from "@/i18n/locales";
import { methodSlug, methodsAbout } from "@/lib/engine/methods/about";
import type { MethodResult } from "@/lib/engine/result/document";
import { MethodP } from "./p-value";

/** One line a method: what it says, what it may not say, and its p, if it has one. */
export function MethodsTable({
  methods,
  recalled = [],
}: {
  readonly methods: readonly MethodResult[];
  /** "id@version" of those that were recalled: struck through. */
  readonly recalled?: readonly string[];
}) {
  const t = useTranslations("result.methods");
  const locale = useLocale() as Locale;
  const withP = methods.filter(({ pValueLog10 }) => pValueLog10 !== null).length;
  return (
    <TableBox label={t("title")}>
      <table data-cards>
        <caption>{t("caption", { count: methods.length, p: withP })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("method")}</th>
            <th scope="col">{t("says")}</th>
            <th scope="col">{t("mayNotSay")}</th>
            <th scope="col">{t("p")}</th>
          </tr>
        </thead>
        <tbody>
          {methods.map((result) => {
            const about = methodsAbout.find(({ id }) => id === result.method);
            const says = about?.says[result.says]?.[locale] ?? result.says;
            const struck = recalled.includes(`${result.method}@${result.version}`);
            return (
              <tr key={result.method}>
                <th scope="row">
                  <PageLink href={`/methods/${methodSlug(result.method)}`}>
                    {about?.name[locale] ?? result.method}
                  </PageLink>
                  <br />
                  <code className="note">
                    {struck ? (
                      <s>
                        {result.method}@{result.version}
                      </s>
                    ) : (
                      `${result.method}@${result.version}`
                    )}
                  </code>
                </th>
                <td data-label={t("says")}>{struck ? <s>{says}</s> : says}</td>
                <td data-label={t("mayNotSay")}>{about?.mayNotSay[locale]}</td>
                <td data-label={t("p")}>
                  <MethodP result={result} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
}

/** The whole explanation of one method, folded. */
export function Sentences({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.methods");
  const locale = useLocale() as Locale;
  return (
    <details className="more">
      <summary>{t("sentences")}</summary>
      <p className="measure">{result.explanation[locale]}</p>
    </details>
  );
}

/** Details of a method whose statistics this site does not know to draw: its sentences. */
export function PlainDetails({ result }: { readonly result: MethodResult }) {
  const locale = useLocale() as Locale;
  const about = methodsAbout.find(({ id }) => id === result.method);
  return (
    <section className="section" aria-label={result.method}>
      <h2>{about?.name[locale] ?? result.method}</h2>
      <p className="measure">{result.explanation[locale]}</p>
    </section>
  );
}
