import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageLink } from "@/components/page-link";
import { env } from "@/lib/platform/env";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("sign-in");
  return { title: t("sent.title"), robots: { index: false } };
}

// Depends on this instance's settings, which are not known when pages are built.
export const dynamic = "force-dynamic";

export default async function LinkSent() {
  const t = await getTranslations("sign-in");
  return (
    <div className="prose">
      <h1>{t("sent.title")}</h1>
      <p>{t("sent.text")}</p>
      {env().SMTP_URL === undefined ? (
        <p>
          {t("sent.local")} <PageLink href="/mail">{t("sent.localLink")}</PageLink>
        </p>
      ) : null}
    </div>
  );
}
