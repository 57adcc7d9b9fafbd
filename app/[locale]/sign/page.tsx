import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatMoment } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Notice } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { pageAbout } from "@/lib/ledger";
import { type HeldAct, heldActs } from "@/lib/ledger/server";
import { serviceContext } from "@/lib/platform/context/server";
import { SignForm } from "./sign-form";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("registry.sign");
  return { title: t("title"), robots: { index: false } };
}

/** What a member has recorded and wants to sign with a key of their own. */
export default async function SignPage() {
  const [t, locale, viewer] = await Promise.all([
    getTranslations("registry.sign"),
    getLocale() as Promise<Locale>,
    currentViewer(),
  ]);
  const held = viewer.userId === null ? [] : await heldActs(serviceContext(viewer));
  return (
    <>
      <header className="page-head">
        <h1>{t("title")}</h1>
        <p className="lead">{t("lead")}</p>
      </header>
      <div className="stack stack-wide">
        {viewer.userId === null ? (
          <Notice title={t("signIn")}>
            <p>
              <PageLink href={`/sign-in?${new URLSearchParams({ next: `/${locale}/sign` })}`}>
                {t("signIn")}
              </PageLink>
            </p>
          </Notice>
        ) : held.length === 0 ? (
          <p>{t("none")}</p>
        ) : null}
        {held.map((act) => (
          <Held key={act.id} act={act} locale={locale} />
        ))}
        <p className="note measure">{t("proves")}</p>
      </div>
    </>
  );
}

async function Held({ act, locale }: { readonly act: HeldAct; readonly locale: Locale }) {
  const t = await getTranslations("registry.sign");
  const kind = `kinds.${act.kind}` as "kinds.register";
  const title = t.has(kind) ? t(kind) : t("other");
  const place = pageAbout(act.about);
  const file = `statement-${act.pae.slice(0, 12)}.pae`;
  return (
    <section className="section stack" aria-labelledby={`act-${act.id}`}>
      <h2 id={`act-${act.id}`}>{title}</h2>
      <p>
        {act.until === null ? t("untilPublic") : t("until", { time: formatMoment(act.until, locale) })}{" "}
        {place === null ? null : <PageLink href={place}>{t("back")}</PageLink>}
      </p>
      <dl className="facts">
        <dt>{t("hash")}</dt>
        <dd>
          <code>{act.pae}</code>
        </dd>
      </dl>
      <details>
        <summary>{t("show")}</summary>
        <pre className="command">
          <code>{JSON.stringify(JSON.parse(act.statement), null, 2)}</code>
        </pre>
      </details>
      <h3>{t("howTitle")}</h3>
      <p>
        <a href={`/sign-bytes/${act.id}`} download={file}>
          {t("download")}
        </a>
      </p>
      <p>{t("howSsh")}</p>
      <pre className="command">
        <code>{`ssh-keygen -Y sign -n slipmark -f ~/.ssh/id_ed25519 ${file}\ncat ~/.ssh/id_ed25519.pub ${file}.sig`}</code>
      </pre>
      <p>{t("howCli")}</p>
      <pre className="command">
        <code>{`npx --no-install slipmark sign ${file} --key slipmark-author.key`}</code>
      </pre>
      <SignForm
        locale={locale}
        id={act.id}
        encoding={Buffer.from(act.encoding).toString("base64")}
        texts={{
          publicKey: t("publicKey"),
          publicKeyHint: t("publicKeyHint"),
          signature: t("signature"),
          signatureHint: t("signatureHint"),
          confirm: t("confirm"),
          confirming: t("confirming"),
          leave: t("leave"),
          here: t("here"),
          hereText: t("hereText"),
          make: t("make"),
          load: t("load"),
          kept: t("kept"),
          wrongFile: t("wrongFile"),
        }}
      />
    </section>
  );
}
