import { useTranslations } from "next-intl";
import { PageLink } from "@/components/page-link";

interface PagerProps {
  readonly page: number;
  readonly pages: number;
  /** Path of a page, without the language */
  readonly href: (page: number) => string;
}

export function Pager({ page, pages, href }: PagerProps) {
  const t = useTranslations("common.pager");
  if (pages <= 1) return null;
  return (
    <nav className="pager" aria-label={t("label")}>
      {page > 1 ? (
        <PageLink href={href(page - 1)} rel="prev">
          {t("previous")}
        </PageLink>
      ) : null}
      <span>{t("here", { page, pages })}</span>
      {page < pages ? (
        <PageLink href={href(page + 1)} rel="next">
          {t("next")}
        </PageLink>
      ) : null}
    </nav>
  );
}
