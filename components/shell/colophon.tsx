import { useTranslations } from "next-intl";
import { PageLink } from "@/components/page-link";

/** The foot of every page: what may be done with what stands here. */
export function Colophon() {
  const t = useTranslations("common");
  const licence = (href: string) => (chunks: React.ReactNode) => (
    <a href={href} rel="license">
      {chunks}
    </a>
  );
  return (
    <footer className="colophon">
      <div className="frame">
        <div className="stack stack-tight">
          <h2>{t("colophon.licences")}</h2>
          <p>
            {t.rich("colophon.licenceText", {
              by: licence("https://creativecommons.org/licenses/by/4.0/"),
              zero: licence("https://creativecommons.org/publicdomain/zero/1.0/"),
            })}
          </p>
          <p>{t("colophon.listing")}</p>
        </div>
        <div>
          <h2>{t("colophon.take")}</h2>
          <ul>
            <li>
              <PageLink href="/register">{t("colophon.register")}</PageLink>
            </li>
            <li>
              <PageLink href="/report">{t("colophon.report")}</PageLink>
            </li>
            <li>
              <PageLink href="/check">{t("colophon.check")}</PageLink>
            </li>
          </ul>
        </div>
        <div>
          <h2>{t("colophon.read")}</h2>
          <ul>
            <li>
              <PageLink href="/rules">{t("nav.rules")}</PageLink>
            </li>
            <li>
              <PageLink href="/methods">{t("nav.methods")}</PageLink>
            </li>
            <li>
              <PageLink href="/log">{t("nav.log")}</PageLink>
            </li>
            <li>
              <PageLink href="/status">{t("nav.status")}</PageLink>
            </li>
            <li>
              <PageLink href="/about">{t("nav.about")}</PageLink>
            </li>
          </ul>
        </div>
      </div>
    </footer>
  );
}
