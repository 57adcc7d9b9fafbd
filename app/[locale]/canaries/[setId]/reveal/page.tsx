import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import type { CanaryWords } from "@/components/canary/words";
import { ownKeyField } from "@/components/case/act-form-words";
import { ActForm } from "@/components/forms/act-form";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Notice, Refused } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { setIdSchema } from "@/lib/canaries";
import { canarySet, revealedIndices } from "@/lib/canaries/server";
import { serviceContext } from "@/lib/platform/context/server";
import { isFormPost } from "@/lib/platform/http/form-post";
import { modelsOfUser } from "@/lib/registry/server";
import { linkModel, revealOpenings } from "./actions";
import { RevealIsland } from "./reveal-island";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly setId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("canaries.reveal");
  return { title: t("title"), robots: { index: false } };
}

/** What the author of a set does with it after the commitment: reveal items, and say which model it went into. */
export default async function RevealPage({ params }: Props) {
  const [{ setId }, viewer, locale] = await Promise.all([
    params,
    currentViewer(),
    getLocale() as Promise<Locale>,
  ]);
  const ctx = serviceContext(viewer);
  const set = setIdSchema.safeParse(setId).success ? await canarySet(ctx, setId) : null;
  if (set === null) notFound();
  const [t, own, signature, messages] = await Promise.all([
    getTranslations("canaries.reveal"),
    getTranslations("canaries.new"),
    ownKeyField(),
    getMessages(),
  ]);
  const words = messages.canaries as unknown as CanaryWords;
  const signIn = `/sign-in?${new URLSearchParams({ next: `/${locale}/canaries/${setId}/reveal` })}`;
  // When the session ends in the middle, the forms stay, with what stands in the way.
  const ended = viewer.userId === null && isFormPost(await headers());
  const mine = viewer.userId !== null && viewer.userId === set.ownerId;
  const models = viewer.userId === null ? [] : await modelsOfUser(ctx, viewer.userId);
  const forms = {
    locale,
    pendingLabel: own("sending"),
    signIn: { href: `/${locale}${signIn}`, label: own("signInElsewhere") },
  };
  return (
    <>
      <PageHead
        kicker={<PageLink href={`/canaries/${set.setId}`}>{t("back")}</PageLink>}
        title={t("title")}
        lead={t("lead")}
      />
      {mine || ended ? (
        <div className="stack stack-wide">
          {set.state === "revealed" ? (
            <p>{t("done")}</p>
          ) : (
            <>
              <Notice title={t("before")}>
                <p>{t("beforeText")}</p>
              </Notice>
              <noscript>
                <p className="measure">{t("noScript")}</p>
              </noscript>
              <RevealIsland
                words={{
                  ...words.reveal,
                  problems: words.problems,
                  signInElsewhere: own("signInElsewhere"),
                  ownKey: signature.label,
                  ownKeyHint: signature.options[0]?.label ?? "",
                }}
                locale={locale}
                setId={set.setId}
                root={set.root}
                size={set.items}
                revealed={await revealedIndices(ctx, set.setId)}
                nonce={
                  set.kind === "random-label"
                    ? set.nonce.state === "known"
                      ? set.nonce.nonce
                      : null
                    : undefined
                }
              />
              <section className="section stack" aria-labelledby="cli">
                <h2 id="cli">{t("cliTitle")}</h2>
                <p className="measure">{t("cliText")}</p>
                <ActForm
                  {...forms}
                  action={revealOpenings}
                  id="cli-form"
                  prefix="cli-"
                  quiet
                  button={t("cliButton")}
                  fields={[
                    { kind: "hidden", name: "setId", value: set.setId },
                    { kind: "file", name: "openings", label: t("cliFile"), accept: ".jsonl" },
                    signature,
                  ]}
                />
              </section>
            </>
          )}
          {set.model === null ? (
            <section className="section stack" aria-labelledby="link">
              <h2 id="link">{t("linkTitle")}</h2>
              <p className="measure">{t("linkText")}</p>
              {models.length === 0 ? (
                <p>
                  <PageLink href="/register">{t("linkRegister")}</PageLink>
                </p>
              ) : (
                <ActForm
                  {...forms}
                  action={linkModel}
                  id="link-form"
                  prefix="link-"
                  quiet
                  button={t("linkButton")}
                  fields={[
                    { kind: "hidden", name: "setId", value: set.setId },
                    {
                      kind: "select",
                      name: "modelId",
                      label: t("linkModel"),
                      options: models.map(({ id, name }) => ({ value: id, label: name })),
                    },
                  ]}
                />
              )}
            </section>
          ) : null}
        </div>
      ) : (
        <Refused
          title={t("notYours")}
          todo={
            viewer.userId === null ? (
              <PageLink href={signIn}>{t("signIn")}</PageLink>
            ) : (
              <PageLink href={`/canaries/${set.setId}`}>{t("back")}</PageLink>
            )
          }
        >
          <p>{t("notYoursText")}</p>
        </Refused>
      )}
    </>
  );
}
