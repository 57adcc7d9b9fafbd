import { useLocale, useTranslations } from "next-intl";
import { PageLink } from "@/components/page-link";
import { Refused } from "@/components/states/states";

/** Instead of a form, for those who have no session. `next` is where they come back to, without the language. */
export function SignInFirst({ next }: { readonly next: string }) {
  const t = useTranslations("cases.part");
  const locale = useLocale();
  return (
    <Refused
      title={t("signIn")}
      todo={
        <PageLink href={`/sign-in?next=${encodeURIComponent(`/${locale}${next}`)}`}>
          {t("signInLink")}
        </PageLink>
      }
    >
      <p>{t("signInText")}</p>
    </Refused>
  );
}
