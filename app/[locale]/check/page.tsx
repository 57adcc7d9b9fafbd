import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CheckBox } from "@/components/check/check-box";
import { PageHead } from "@/components/page-head";

export const dynamic = "force-dynamic";

interface CheckPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("check");
  return { title: t("title"), description: t("lead") };
}

export default async function CheckPage({ searchParams }: CheckPageProps) {
  const t = await getTranslations("check");
  const { original, suspect } = await searchParams;
  const values = {
    original: typeof original === "string" ? original.slice(0, 500) : "",
    suspect: typeof suspect === "string" ? suspect.slice(0, 500) : "",
  };
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <div className="row">
        <CheckBox values={values} />
        <aside className="row-margin" aria-label={t("what.title")}>
          <p>{t("what.one")}</p>
          <p>{t("what.two")}</p>
          <p>{t("what.three")}</p>
        </aside>
      </div>
    </>
  );
}
