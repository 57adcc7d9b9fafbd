import { useLocale, useTranslations } from "next-intl";
import { Shape, slips } from "@/components/marks/shapes";
import { Notice } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import type { CanarySays, Judgement } from "@/lib/engine/canary/judge";
import { reachedText, reasonText } from "./sentences";

/** What came out, why, and what would make it stronger: words and a shape, no colour. */
export function Says({ result }: { readonly result: Judgement }) {
  const t = useTranslations("canaries.judgement");
  const locale = useLocale() as Locale;
  const classes = useTranslations("canaries.authenticity");
  const texts = useTranslations("canaries.authenticityText");
  const reached = reachedText(result, locale);
  return (
    <section className="section" aria-labelledby="says">
      <h2 id="says" className="mark">
        <SaysShape says={result.says} />
        {t(`says.${result.says}`)}
      </h2>
      <div className="row">
        <div className="stack">
          {reached === null ? null : <p className="measure">{reached}</p>}
          <p className="measure">{t(`saysText.${result.says}`)}</p>
          {result.reasons.length === 0 ? null : (
            <>
              <h3>{t("why")}</h3>
              <ul className="measure stack-tight">
                {unique(result.reasons.map((reason) => reasonText(reason, locale))).map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </>
          )}
          {result.authenticity !== "claimed" ? (
            <p className="note measure">
              {t("answersAre")}
              {t("colon")}
              {classes(result.authenticity)}
              {t("dash")}
              {texts(result.authenticity)}
            </p>
          ) : (
            <Notice title={t("claimedTitle")} level={3}>
              <p>
                {classes(result.authenticity)}
                {t("colon")}
                {texts(result.authenticity)}
              </p>
            </Notice>
          )}
        </div>
        <aside className="row-margin">
          <h3>{t("stronger")}</h3>
          {result.whatWouldHelp.length === 0 ? (
            <p>{t("strongerNone")}</p>
          ) : (
            <ul className="stack-tight">
              {unique(result.whatWouldHelp.map((reason) => reasonText(reason, locale))).map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
        </aside>
      </div>
    </section>
  );
}

const unique = (texts: readonly string[]) => [...new Set(texts)];

/** Two slips: joined, apart, undecided; an empty frame where nothing was tested. */
function SaysShape({ says }: { readonly says: CanarySays }) {
  const frame = says === "void" || says === "illustration";
  return (
    <Shape>
      <g strokeDasharray={frame ? "2 1.6" : undefined}>{slips}</g>
      {says === "not-independent" ? <path d="M5.5 8h5" /> : null}
      {says === "inconclusive" ? <path d="M5.5 8h5" strokeDasharray="1 1.2" /> : null}
      {says === "void" ? <path d="M1.5 15L14.5 1" /> : null}
    </Shape>
  );
}
