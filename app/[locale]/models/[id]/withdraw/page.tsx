import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { PageLink } from "@/components/page-link";
import { Refused } from "@/components/states/states";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { modelPage, modelsOfUser } from "@/lib/registry/server";
import { WithdrawForm } from "./withdraw-form";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("registry.withdraw");
  return { title: t("confirm"), robots: { index: false } };
}

/** Signed-in acts have pages of their own: the page of a model reads no cookies. */
export default async function WithdrawPage({ params }: Props) {
  const [{ id }, viewer] = await Promise.all([params, currentViewer()]);
  const ctx = serviceContext(viewer);
  const model = await modelPage(ctx, id);
  if (model === null) notFound();
  const [t, part, register, locale] = await Promise.all([
    getTranslations("registry.withdraw"),
    getTranslations("cases.part"),
    getTranslations("registry.register"),
    getLocale(),
  ]);
  const own = viewer.userId !== null && (await modelsOfUser(ctx, viewer.userId)).some((row) => row.id === id);
  const next = `/${locale}/models/${id}/withdraw`;
  return (
    <>
      <header className="page-head">
        <h1>{t("title", { name: model.name })}</h1>
        <p>
          <PageLink href={`/models/${id}`}>{t("back")}</PageLink>
        </p>
      </header>
      {model.state === "withdrawn" ? (
        <p>{t("already")}</p>
      ) : own ? (
        <div className="stack">
          <p className="measure">{t("text")}</p>
          <WithdrawForm
            locale={locale}
            modelId={id}
            texts={{
              reason: t("reason"),
              reasonHint: t("reasonHint"),
              confirm: t("confirm"),
              confirming: t("confirming"),
              ownKey: part("ownKey"),
              ownKeyHint: part("ownKeyHint"),
            }}
          />
        </div>
      ) : (
        <Refused
          title={t("notYours")}
          todo={
            viewer.userId === null ? (
              <PageLink href={`/sign-in?${new URLSearchParams({ next })}`}>{register("signIn")}</PageLink>
            ) : (
              t("notYoursText")
            )
          }
        />
      )}
    </>
  );
}
