import { useLocale, useTranslations } from "next-intl";
import { PageLink } from "@/components/page-link";
import { SlipsMark } from "@/components/wordmark";
import { isLocale, languageTag, locales } from "@/i18n/locales";
import { AccountLink } from "./account-link";
import { LanguageSwitch } from "./language-switch";
import { NavLink } from "./nav-link";

const sections = ["cases", "models", "check", "canaries", "methods", "log", "rules", "about"] as const;

export function Masthead() {
  const t = useTranslations("common");
  const locale = useLocale();
  const other = locales.find((one) => one !== locale && isLocale(one)) ?? "en";
  return (
    <header className="masthead">
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <div className="frame">
        <PageLink href="/" className="wordmark">
          <SlipsMark />
          Slipmark
        </PageLink>
        <nav aria-label={t("nav.label")}>
          <ul>
            {sections.map((section) => (
              <li key={section}>
                <NavLink href={`/${locale}/${section}`} label={t(`nav.${section}`)} />
              </li>
            ))}
          </ul>
        </nav>
        <ul className="masthead-tools">
          <li>
            <LanguageSwitch to={other} toTag={languageTag[other]} label={t("otherLanguage")} />
          </li>
          <li className="account">
            <AccountLink locale={locale} signInLabel={t("nav.signIn")} accountLabel={t("nav.account")} />
          </li>
        </ul>
      </div>
    </header>
  );
}
