import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { actFormWords, ownKeyField } from "@/components/case/act-form-words";
import { SignInFirst } from "@/components/case/sign-in-first";
import { ActForm } from "@/components/forms/act-form";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty, Refused } from "@/components/states/states";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { supersedeReasons } from "@/lib/registry";
import { modelPage, modelsOfUser } from "@/lib/registry/server";
import { supersede } from "./actions";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("registry.supersede");
  return { title: t("button"), robots: { index: false } };
}

/** Signed-in acts have pages of their own: the page of a model reads no cookies. */
export default async function SupersedePage({ params }: Props) {
  const [{ id }, viewer] = await Promise.all([params, currentViewer()]);
  const ctx = serviceContext(viewer);
  const model = await modelPage(ctx, id);
  if (model === null) notFound();
  const [t, withdraw] = await Promise.all([
    getTranslations("registry.supersede"),
    getTranslations("registry.withdraw"),
  ]);
  const here = `/models/${id}/supersede`;
  const own = viewer.userId === null ? [] : await modelsOfUser(ctx, viewer.userId);
  const others = own.filter((one) => one.id !== id && one.state === "registered");
  const standing = model.state === "registered" && model.supersededBy === null;
  return (
    <>
      <PageHead
        kicker={<PageLink href={`/models/${id}`}>{withdraw("back")}</PageLink>}
        title={t("title", { name: model.name })}
        lead={t("text")}
      />
      {viewer.userId === null ? (
        <SignInFirst next={here} />
      ) : !own.some((one) => one.id === id) ? (
        <Refused title={t("notYours")} todo={withdraw("notYoursText")} />
      ) : !standing ? (
        <p>{t("already")}</p>
      ) : others.length === 0 ? (
        <Empty title={t("none")}>
          <p>
            <PageLink href="/register">{t("register")}</PageLink>
          </p>
        </Empty>
      ) : (
        <ActForm
          {...(await actFormWords(here))}
          action={supersede}
          id="supersede-form"
          button={t("button")}
          fields={[
            { kind: "hidden", name: "modelId", value: id },
            {
              kind: "select",
              name: "by",
              label: t("newer"),
              options: others.map((one) => ({ value: one.id, label: `${one.name} (${one.release.spec})` })),
            },
            {
              kind: "radio",
              name: "reason",
              label: t("reason"),
              options: supersedeReasons.map((value) => ({ value, label: t(`reasons.${value}`) })),
            },
            await ownKeyField(),
          ]}
        />
      )}
    </>
  );
}
