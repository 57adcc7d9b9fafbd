import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { actFormWords } from "@/components/case/act-form-words";
import { SignInFirst } from "@/components/case/sign-in-first";
import { ActForm } from "@/components/forms/act-form";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Refused } from "@/components/states/states";
import { currentViewer } from "@/lib/accounts/server";
import { ownPost, postPage } from "@/lib/evidence/server";
import { serviceContext } from "@/lib/platform/context/server";
import { isFormPost } from "@/lib/platform/http/form-post";
import { withdrawText } from "./actions";
import { EditForm } from "./edit-form";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("evidence.edit");
  return { title: t("title"), robots: { index: false } };
}

export default async function EditPage({ params }: Props) {
  const { id } = await params;
  const [t, evidence, viewer] = await Promise.all([
    getTranslations("evidence.edit"),
    getTranslations("evidence"),
    currentViewer(),
  ]);
  const signIn = viewer.userId === null ? <SignInFirst next={`/evidence/${id}/edit`} /> : null;
  const ended = signIn !== null && isFormPost(await headers());
  if (signIn !== null && !ended) return signIn;
  const ctx = serviceContext(viewer);
  const [mine, page] = await Promise.all([ownPost(ctx, id, viewer), postPage(ctx, id, viewer)]);
  if (page === null) {
    if (signIn !== null) return signIn;
    notFound();
  }
  // The words come back from the form itself.
  const again = { id, version: page.post.version, body: "", locked: page.replies.length > 0 };
  const own = ended ? again : mine;
  const back = <PageLink href={`/evidence/${id}`}>{t("toPost")}</PageLink>;
  if (own === null)
    return (
      <Refused title={t("notYours")} todo={back}>
        <p>{t("notYoursText")}</p>
      </Refused>
    );
  const words = await actFormWords(`/evidence/${id}/edit`);
  const postId = { kind: "hidden", name: "postId", value: own.id } as const;
  return (
    <>
      <PageHead
        kicker={back}
        title={own.locked ? t("correctTitle") : t("title")}
        lead={own.locked ? t("locked") : t("free")}
      />
      {signIn}
      <EditForm
        {...words}
        locked={own.locked}
        fields={[
          postId,
          { kind: "hidden", name: "baseVersion", value: String(own.version) },
          { kind: "area", name: "body", label: t("body"), rows: 10, value: own.body },
        ]}
        texts={{
          save: t("save"),
          correct: t("correct"),
          changedTitle: t("changedTitle"),
          changedText: t("changedText"),
          changes: t("changes"),
          removed: evidence("removed"),
          added: evidence("added"),
        }}
      />
      {ended || page.post.kind === "statement" ? null : (
        <section className="section" aria-labelledby="withdraw">
          <h2 id="withdraw">{t("withdraw")}</h2>
          <p className="measure">{t("withdrawText")}</p>
          <ActForm
            {...words}
            action={withdrawText}
            id="withdraw-form"
            fields={[postId]}
            button={t("withdraw")}
            quiet
          />
        </section>
      )}
    </>
  );
}
