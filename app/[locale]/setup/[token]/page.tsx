import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { setupLinkIsOpen } from "@/lib/accounts/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { SetupForm } from "./setup-form";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("sign-in");
  return { title: t("setup.title"), robots: { index: false }, referrer: "no-referrer" };
}

export default async function Setup({ params }: { readonly params: Promise<{ readonly token: string }> }) {
  const { token } = await params;
  const t = await getTranslations("sign-in");
  const account = await getTranslations("account");
  const open = await setupLinkIsOpen(serviceContext(anonymous), token);
  return (
    <div className="stack">
      <h1>{t("setup.title")}</h1>
      <p className="measure">{open ? t("setup.text") : t("setup.used")}</p>
      {open ? (
        <SetupForm
          locale={await getLocale()}
          token={token}
          labels={{
            name: account("name.label"),
            nameHint: account("name.hint"),
            email: t("email.label"),
            button: t("setup.button"),
          }}
        />
      ) : null}
    </div>
  );
}
