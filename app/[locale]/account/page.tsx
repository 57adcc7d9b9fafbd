import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { Time } from "@/components/marks/time";
import { accountPage, configuredProviders, currentViewer, sessionCookie } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { env } from "@/lib/platform/env";
import { signOut } from "./actions";
import { DeleteForm } from "./delete-form";
import { Identities } from "./identities";
import { NameForm } from "./name-form";
import { Sessions } from "./sessions";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("account");
  return { title: t("title"), robots: { index: false } };
}

interface PageProps {
  readonly searchParams: Promise<{ readonly problem?: string }>;
}

export default async function Account({ searchParams }: PageProps) {
  const locale = await getLocale();
  const viewer = await currentViewer();
  if (viewer.role === "anonymous") redirect(`/${locale}/sign-in?next=/${locale}/account`);
  const t = await getTranslations("account");
  const signIn = await getTranslations("sign-in");
  const { problem } = await searchParams;
  const token = (await cookies()).get(sessionCookie())?.value ?? null;
  const page = await accountPage(serviceContext(viewer), token);
  return (
    <>
      <header className="page-head">
        <h1>{t("title")}</h1>
        <form action={signOut}>
          <input type="hidden" name="locale" value={locale} />
          <button type="submit" className="button quiet">
            {signIn("signOut")}
          </button>
        </form>
      </header>
      <dl className="facts">
        <dt>{t("email.heading")}</dt>
        <dd>{page.email ?? t("email.none")}</dd>
        <dt>{t("role")}</dt>
        <dd>{t(`roles.${page.role}`)}</dd>
        <dt>{t("since")}</dt>
        <dd>
          <Time at={page.since} />
        </dd>
      </dl>
      <section className="section">
        <h2>{t("name.heading")}</h2>
        <NameForm
          locale={locale}
          name={page.name}
          label={t("name.label")}
          hint={t("name.hint")}
          button={t("name.button")}
        />
      </section>
      <Identities
        identities={page.identities}
        providers={configuredProviders(env())}
        problem={problem ?? null}
      />
      <Sessions sessions={page.sessions} />
      <section className="section">
        <h2>{t("delete.heading")}</h2>
        <p className="measure">{t("delete.text")}</p>
        <DeleteForm locale={locale} label={t("delete.label")} button={t("delete.button")} />
      </section>
    </>
  );
}
