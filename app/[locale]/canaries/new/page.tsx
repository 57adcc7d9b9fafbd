import type { Metadata } from "next";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import type { CanaryWords } from "@/components/canary/words";
import { ActForm } from "@/components/forms/act-form";
import { SourceBox } from "@/components/log/source-box";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Notice } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { commitPageFacts } from "@/lib/canaries/server";
import { serviceContext } from "@/lib/platform/context/server";
import { registerPublicFile } from "./actions";
import { CommitIsland } from "./commit-island";

export const dynamic = "force-dynamic";

const example = [
  `{"id":"r1","prompt":"Which seal is on slip 1?","options":["heron","kiln","… at least 16 …"]}`,
  `{"id":"n1","prompt":"Which character is this?","image":"images/0001.png","answer":"竹"}`,
].join("\n");

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("canaries.new");
  return { title: t("title"), description: t("lead") };
}

/** The commit page: everything secret happens in the reader's browser. */
export default async function NewCanariesPage() {
  const [t, list, locale, viewer, messages] = await Promise.all([
    getTranslations("canaries.new"),
    getTranslations("canaries.list"),
    getLocale() as Promise<Locale>,
    currentViewer(),
    getMessages(),
  ]);
  const words = messages.canaries as unknown as CanaryWords;
  const signIn = `/sign-in?${new URLSearchParams({ next: `/${locale}/canaries/new` })}`;
  const facts = viewer.userId === null ? null : await commitPageFacts(serviceContext(viewer));
  return (
    <>
      <PageHead
        kicker={<PageLink href="/canaries">{list("title")}</PageLink>}
        title={t("title")}
        lead={t("lead")}
      />
      <div className="stack stack-wide">
        <section className="stack" aria-labelledby="stays">
          <h2 id="stays">{t("staysTitle")}</h2>
          <p className="measure">{t("stays")}</p>
        </section>
        <details className="more">
          <summary>{t("exampleTitle")}</summary>
          <div className="stack">
            <p className="measure">{t("exampleText")}</p>
            <SourceBox text={example} label={t("exampleTitle")} />
          </div>
        </details>
        {facts === null ? (
          <Notice title={t("signInTitle")}>
            <p>{t("signInText")}</p>
            <p>
              <PageLink href={signIn}>{t("signIn")}</PageLink>
            </p>
          </Notice>
        ) : (
          <>
            <noscript>
              <p className="measure">{t("noScript")}</p>
            </noscript>
            <CommitIsland
              words={{ ...words.commit, problems: words.problems, signInElsewhere: t("signInElsewhere") }}
              locale={locale}
              {...facts}
            />
            <section className="section stack" aria-labelledby="cli">
              <h2 id="cli">{t("cliTitle")}</h2>
              <p className="measure">{t("cliText")}</p>
              <pre className="command">
                <code>{`slipmark canary new items.jsonl --out DIR --terms terms.json --author ${facts.authorKeyId}`}</code>
              </pre>
              <ActForm
                action={registerPublicFile}
                locale={locale}
                id="cli-form"
                prefix="cli-"
                quiet
                button={t("cliButton")}
                pendingLabel={t("sending")}
                signIn={{ href: `/${locale}${signIn}`, label: t("signInElsewhere") }}
                fields={[
                  {
                    kind: "file",
                    name: "commitment",
                    label: t("cliFile"),
                    hint: t("cliFileHint"),
                    accept: ".json",
                  },
                ]}
              />
            </section>
          </>
        )}
      </div>
    </>
  );
}
