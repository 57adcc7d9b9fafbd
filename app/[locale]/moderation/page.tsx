import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SignInFirst } from "@/components/case/sign-in-first";
import { TableBox } from "@/components/data/table-box";
import { ProcedureMark } from "@/components/marks/axes";
import { Time } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty, Refused } from "@/components/states/states";
import { currentViewer } from "@/lib/accounts/server";
import { moderationQueue } from "@/lib/cases/server";
import { serviceContext } from "@/lib/platform/context/server";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("moderation");
  return { title: t("title"), robots: { index: false } };
}

export default async function ModerationPage() {
  const [t, redaction, cases, viewer] = await Promise.all([
    getTranslations("moderation"),
    getTranslations("redaction.moderation"),
    getTranslations("cases"),
    currentViewer(),
  ]);
  if (viewer.userId === null) return <SignInFirst next="/moderation" />;
  if (viewer.role === "member")
    return (
      <Refused title={t("refusedTitle")} todo={t("refusedTodo")}>
        <p>{t("refusedText")}</p>
      </Refused>
    );
  const queue = await moderationQueue(serviceContext(viewer), viewer);
  const waiting = queue.filter((item) => item.waitsFor !== "none").length;
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")}>
        <p className="cluster">
          <PageLink href="/moderation/redactions">{redaction("link")}</PageLink>
          <PageLink href="/moderation/recalls">{redaction("recallsLink")}</PageLink>
        </p>
      </PageHead>
      {queue.length === 0 ? (
        <Empty title={t("empty")}>
          <p>{t("emptyText")}</p>
        </Empty>
      ) : (
        <TableBox label={t("title")}>
          <table data-cards>
            <caption>{t("caption", { count: waiting })}</caption>
            <thead>
              <tr>
                <th scope="col">{t("case")}</th>
                <th scope="col">{t("state")}</th>
                <th scope="col">{t("waits")}</th>
                <th scope="col">{t("since")}</th>
              </tr>
            </thead>
            <tbody>
              {queue.map((item) => (
                <tr key={item.id}>
                  <th scope="row">
                    <PageLink href={`/moderation/cases/${item.id}`}>
                      {item.publicId} · {cases("title", { suspect: item.suspect, original: item.original })}
                    </PageLink>
                  </th>
                  <td data-label={t("state")}>
                    <ProcedureMark state={item.state} />
                  </td>
                  <td data-label={t("waits")}>{t(`waitsFor.${item.waitsFor}`)}</td>
                  <td data-label={t("since")}>
                    <Time at={item.since} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </>
  );
}
