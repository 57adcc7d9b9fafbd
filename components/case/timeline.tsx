import { useTranslations } from "next-intl";
import { type Slip, Slips } from "@/components/data/slips";
import { PageLink } from "@/components/page-link";
import type { CasePageDto, TimelineDto } from "@/lib/cases";
import { said } from "./names";

type Translate = ReturnType<typeof useTranslations<"cases">>;
type Common = ReturnType<typeof useTranslations<"common">>;

/** What happened, as a row of slips; the next date that is fixed comes last, dashed. */
export function Timeline({ page }: { readonly page: CasePageDto }) {
  const t = useTranslations("cases");
  const common = useTranslations("common");
  const recalled = new Set(page.runs.filter((run) => run.recalled.length > 0).map(({ id }) => id));
  const slips: Slip[] = page.timeline.map((event) => ({
    id: `event-${event.sequence}`,
    at: event.at,
    title: recalled.has(text(event.data.runId)) ? (
      <s>{titleOf(event, page.local, t, common)}</s>
    ) : (
      titleOf(event, page.local, t, common)
    ),
    body: linkOf(event, t),
    proof: (
      <a href={`#event-${event.sequence}`}>
        {t("see.entry", { number: event.sequence })} ·{" "}
        {event.actor === null ? t("timeline.bySite") : t("timeline.by", { name: event.actor })}
      </a>
    ),
  }));
  if (page.state === "notified" && page.replyDueAt)
    slips.push({ id: "next", at: page.replyDueAt, title: t("timeline.clock"), next: true });
  if (page.appealUntil)
    slips.push({ id: "next", at: page.appealUntil, title: t("timeline.appeal"), next: true });
  return <Slips slips={slips} label={t("timeline.label")} />;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function titleOf(event: TimelineDto, local: boolean, t: Translate, common: Common): string {
  const { data } = event;
  const list = Array.isArray(data.claims) ? data.claims.length : Number(data.statements ?? 0);
  const finding = `finding.${text(data.finding)}` as Parameters<Common>[0];
  if (event.type === "post-added") return said(t, "postAdded", text(data.kind));
  if (event.type === "case-notified" && local) return t("event.case-notified-local");
  return t(`event.${event.type}`, {
    reason: said(t, "why", text(data.reason)),
    finding: data.finding && common.has(finding) ? common(finding) : "",
    relation: data.relation ? said(t, "relation", text(data.relation)) : "",
    name: text(data.name),
    count: list,
  });
}

function linkOf({ type, data }: TimelineDto, t: Translate) {
  if (typeof data.runId === "string") return <PageLink href={`/runs/${data.runId}`}>{t("see.run")}</PageLink>;
  if (typeof data.postId === "string")
    return <PageLink href={`/evidence/${data.postId}`}>{t("see.post")}</PageLink>;
  if (
    (type === "case-resolved" || type === "case-withdrawn") &&
    typeof data.people === "number" &&
    data.by !== "reporter"
  )
    return t("people", { count: data.people });
  if (type === "party-accepted") return said(t, "parties.basis", text(data.basis));
  return null;
}
