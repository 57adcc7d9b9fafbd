import { getTranslations } from "next-intl/server";

export default async function Home() {
  const t = await getTranslations("common");
  return <h1>{t("tagline")}</h1>;
}
