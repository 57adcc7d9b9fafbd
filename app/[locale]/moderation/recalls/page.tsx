import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { actFormWords } from "@/components/case/act-form-words";
import { SignInFirst } from "@/components/case/sign-in-first";
import { ActForm } from "@/components/forms/act-form";
import { RecalledVersions } from "@/components/methods/recalled-versions";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty, Refused } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { recalledVersions } from "@/lib/cases/server";
import { serviceContext } from "@/lib/platform/context/server";
import { listedMethods, recallReasons } from "@/lib/verification";
import { recall } from "./actions";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("redaction.recallForm");
  return { title: t("title"), robots: { index: false } };
}

export default async function RecallsPage() {
  const [t, r, moderation, locale, viewer] = await Promise.all([
    getTranslations("redaction.recallForm"),
    getTranslations("redaction"),
    getTranslations("moderation"),
    getLocale() as Promise<Locale>,
    currentViewer(),
  ]);
  if (viewer.userId === null) return <SignInFirst next="/moderation/recalls" />;
  if (viewer.role === "member")
    return (
      <Refused title={moderation("refusedTitle")} todo={moderation("refusedTodo")}>
        <p>{moderation("refusedText")}</p>
      </Refused>
    );
  const recalled = [...(await recalledVersions(serviceContext(viewer).db)).values()];
  return (
    <>
      <PageHead
        kicker={<PageLink href="/moderation">{moderation("title")}</PageLink>}
        title={t("title")}
        lead={t("lead")}
      />
      <section className="section" aria-labelledby="form">
        <h2 id="form">{t("button")}</h2>
        <ActForm
          {...(await actFormWords("/moderation/recalls"))}
          action={recall}
          id="recall"
          button={t("button")}
          fields={[
            {
              kind: "select",
              name: "method",
              label: t("method"),
              options: listedMethods.map(({ id, version, name }) => ({
                value: id,
                label: `${name[locale]} (${id}@${version})`,
              })),
            },
            { kind: "text", name: "version", label: t("version"), hint: t("versionHint"), code: true },
            {
              kind: "radio",
              name: "reasonCode",
              label: t("reason"),
              options: recallReasons.map((value) => ({ value, label: r(`recallReason.${value}`) })),
            },
            { kind: "area", name: "note", label: t("note"), hint: t("noteHint"), rows: 4 },
          ]}
        />
      </section>
      {recalled.length === 0 ? <Empty title={t("none")} /> : <RecalledVersions recalled={recalled} named />}
    </>
  );
}
