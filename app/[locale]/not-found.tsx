import { useTranslations } from "next-intl";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";

export default function NotFound() {
  const t = useTranslations("errors.page");
  return (
    <>
      <PageHead kicker="404" title={t("notFound")} lead={t("notFoundText")} />
      <ul className="measure">
        <li>
          <PageLink href="/cases">{t("toCases")}</PageLink>
        </li>
        <li>
          <PageLink href="/models">{t("toModels")}</PageLink>
        </li>
        <li>
          <PageLink href="/">{t("toHome")}</PageLink>
        </li>
      </ul>
    </>
  );
}
