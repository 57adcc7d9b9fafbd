import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageLink } from "@/components/page-link";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("sign-in");
  return { title: t("confirm.title"), robots: { index: false }, referrer: "no-referrer" };
}

interface PageProps {
  readonly searchParams: Promise<{ token?: string; email?: string; callbackUrl?: string }>;
}

/** The mailed link leads here: a person presses the button, a mail scanner does not. */
export default async function Confirm({ searchParams }: PageProps) {
  const t = await getTranslations("sign-in");
  const { token, email, callbackUrl } = await searchParams;
  if (typeof token !== "string" || typeof email !== "string") {
    return (
      <div className="prose">
        <h1>{t("confirm.title")}</h1>
        <p>{t("confirm.broken")}</p>
        <p>
          <PageLink href="/sign-in">{t("title")}</PageLink>
        </p>
      </div>
    );
  }
  return (
    <div className="prose">
      <h1>{t("confirm.title")}</h1>
      <p>{t("confirm.text", { email })}</p>
      <form method="get" action="/api/auth/callback/email">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="email" value={email} />
        {callbackUrl ? <input type="hidden" name="callbackUrl" value={callbackUrl} /> : null}
        <button type="submit" className="button">
          {t("confirm.button")}
        </button>
      </form>
    </div>
  );
}
