import { useLocale, useTranslations } from "next-intl";
import { CheckForm } from "./check-form";

/** The look-up form with its texts: for the home page and /check. */
export function CheckBox({ values }: { readonly values?: Readonly<Record<string, string>> }) {
  const t = useTranslations("check.form");
  const locale = useLocale();
  return (
    <CheckForm
      locale={locale}
      {...(values ? { values } : {})}
      text={{
        original: t("original"),
        suspect: t("suspect"),
        hint: t("hint"),
        act: t("act"),
        pending: t("pending"),
        summary: t("summary"),
      }}
    />
  );
}
