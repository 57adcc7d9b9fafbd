import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHead } from "@/components/page-head";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("about");
  return { title: t("title"), description: t("lead") };
}

export default async function AboutPage() {
  const t = await getTranslations("about");
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <div className="prose">
        <h2>{t("why.title")}</h2>
        <p>{t("why.one")}</p>
        <p>{t("why.two")}</p>
        <h2>{t("kept.title")}</h2>
        <ul>
          <li>{t("kept.one")}</li>
          <li>{t("kept.two")}</li>
          <li>{t("kept.three")}</li>
        </ul>
        <h2>{t("not.title")}</h2>
        <ul>
          <li>{t("not.one")}</li>
          <li>{t("not.two")}</li>
          <li>{t("not.three")}</li>
        </ul>
        <h2>{t("reproduce.title")}</h2>
        <p>{t("reproduce.text")}</p>
        <h2>{t("licences.title")}</h2>
        <p>{t("licences.text")}</p>
      </div>
    </>
  );
}
