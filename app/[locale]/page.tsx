import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CheckBox } from "@/components/check/check-box";
import { CaseEntries } from "@/components/home/case-entries";
import { ModelEntries } from "@/components/home/model-entries";
import { PageLink } from "@/components/page-link";
import { latestCases } from "@/lib/cases/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { latestModels } from "@/lib/registry/server";

export const revalidate = 5;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common");
  return { title: { absolute: `Slipmark · ${t("tagline")}` }, description: t("description") };
}

const steps = ["one", "two", "three", "four", "five"] as const;

export default async function Home() {
  const t = await getTranslations("home");
  const ctx = serviceContext(anonymous);
  const [cases, models] = await Promise.all([latestCases(ctx, 6), latestModels(ctx, 6)]);
  return (
    <>
      <header className="page-head">
        <h1>{t("title")}</h1>
        <p className="lead">{t("lead")}</p>
      </header>
      <section className="section" aria-labelledby="check">
        <h2 id="check">{t("check.title")}</h2>
        <div className="row">
          <CheckBox />
          <p className="row-margin">{t("check.intro")}</p>
        </div>
      </section>
      <section className="section" aria-labelledby="cases">
        <div className="section-head">
          <h2 id="cases">{t("cases.title")}</h2>
          <PageLink href="/cases">{t("cases.all")}</PageLink>
        </div>
        <CaseEntries cases={cases} />
      </section>
      <section className="section" aria-labelledby="models">
        <div className="section-head">
          <h2 id="models">{t("models.title")}</h2>
          <PageLink href="/models">{t("models.all")}</PageLink>
        </div>
        <ModelEntries models={models} />
      </section>
      <section className="section" aria-labelledby="how">
        <div className="section-head">
          <h2 id="how">{t("how.title")}</h2>
          <PageLink href="/rules">{t("rules")}</PageLink>
        </div>
        <ol className="numbered measure">
          {steps.map((step) => (
            <li key={step}>
              <p>{t.rich(`how.${step}`, { b: (chunks) => <strong>{chunks}</strong> })}</p>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
