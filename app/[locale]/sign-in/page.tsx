import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { TextField } from "@/components/forms/field";
import { Notice } from "@/components/states/states";
import { configuredProviders, currentViewer } from "@/lib/accounts/server";
import { env } from "@/lib/platform/env";
import { signOut } from "../account/actions";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("sign-in");
  return { title: t("title"), robots: { index: false } };
}

const problems = [
  "Verification",
  "OAuthAccountNotLinked",
  "AccessDenied",
  "EmailSignin",
  "Callback",
  "Configuration",
] as const;

/** next-auth's error codes; those of one kind share a sentence. */
function problemOf(code: string): (typeof problems)[number] | "Default" {
  if (code.startsWith("OAuth") && code !== "OAuthAccountNotLinked") return "Callback";
  return problems.find((known) => known === code) ?? "Default";
}

/** A path of this site, or the start page: never another site's address. */
function placeOf(text: string | undefined, locale: string): string {
  const path = (text ?? "").replace(/^https?:\/\/[^/]+/, "");
  return /^\/(?![/\\])/.test(path) ? path : `/${locale}`;
}

interface PageProps {
  readonly searchParams: Promise<{ next?: string; callbackUrl?: string; error?: string; done?: string }>;
}

export default async function SignIn({ searchParams }: PageProps) {
  const t = await getTranslations("sign-in");
  const account = await getTranslations("account");
  const locale = await getLocale();
  const query = await searchParams;
  const next = placeOf(query.next ?? query.callbackUrl, locale);
  const viewer = await currentViewer();

  if (viewer.role !== "anonymous") {
    return (
      <>
        <h1>{t("title")}</h1>
        <p>{t("already", { name: viewer.name })}</p>
        <p className="cluster">
          <a href={next}>{t("back")}</a>
          <a href={`/${locale}/account`}>{t("toAccount")}</a>
        </p>
        <form action={signOut}>
          <input type="hidden" name="locale" value={locale} />
          <button type="submit" className="button quiet">
            {t("signOut")}
          </button>
        </form>
      </>
    );
  }

  const [, ...elsewhere] = configuredProviders(env());
  return (
    <div className="stack stack-wide">
      <header className="page-head">
        <h1>{t("title")}</h1>
        <p className="lead">{t("lead")}</p>
      </header>
      {query.done === "deleted" ? <p role="status">{account("delete.done")}</p> : null}
      {query.error ? (
        <Notice title={t("problem.title")}>
          <p role="alert">{t(`problem.${problemOf(query.error)}`)}</p>
        </Notice>
      ) : null}
      <form method="post" action="/api/sign-in" className="form stack">
        <h2>{t("email.heading")}</h2>
        <input type="hidden" name="provider" value="email" />
        <input type="hidden" name="callbackUrl" value={next} />
        <TextField
          name="email"
          type="email"
          label={t("email.label")}
          hint={t("email.hint")}
          autoComplete="email"
          required
        />
        <button type="submit" className="button">
          {t("email.button")}
        </button>
      </form>
      {elsewhere.length > 0 ? (
        <section className="form stack">
          <h2>{t("with")}</h2>
          <p className="hint">{t("withHint")}</p>
          {elsewhere.map(({ id, name }) => (
            <form key={id} method="post" action="/api/sign-in">
              <input type="hidden" name="provider" value={id} />
              <input type="hidden" name="callbackUrl" value={next} />
              <button type="submit" className="button quiet">
                {t("withButton", { name })}
              </button>
            </form>
          ))}
        </section>
      ) : null}
    </div>
  );
}
