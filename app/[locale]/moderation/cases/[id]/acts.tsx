import { getLocale, getTranslations } from "next-intl/server";
import { actFormWords } from "@/components/case/act-form-words";
import { said } from "@/components/case/names";
import { ActForm, type FieldSpec } from "@/components/forms/act-form";
import { formatMoment } from "@/components/marks/time";
import { methodNames } from "@/components/result/method-names";
import type { Locale } from "@/i18n/locales";
import {
  type CaseState,
  dismissalReasons,
  findingReasonCodes,
  findings,
  type ModerationPageDto,
  type ModeratorAct,
  type PartyDto,
  partyBases,
  refusalReasons,
  reopenReasons,
  riskReasons,
  withdrawReasons,
} from "@/lib/cases";
import { acceptVoice, moderate } from "./actions";

type Act = ModeratorAct["act"];

/** What the page offers in each state; the state table decides again when it is sent. */
const offered: Readonly<Record<CaseState, readonly Act[]>> = {
  draft: ["notify", "refuse"],
  notified: ["open", "open-early", "propose-withdrawal"],
  open: ["propose-resolution", "propose-withdrawal"],
  under_verification: ["propose-resolution", "propose-withdrawal"],
  resolved: ["reopen", "propose-withdrawal"],
  withdrawn: ["reopen"],
};

export function actsOffered({ case: page, proposal }: ModerationPageDto): readonly Act[] {
  if (page.state === "draft" && page.submittedAt === null) return [];
  const answers: readonly Act[] = page.appeals.length > 0 ? ["dismiss-appeal"] : [];
  // A withdrawn case comes back by an appeal alone.
  const possible = [...answers, ...offered[page.state]].filter(
    (act) => act !== "reopen" || page.state === "resolved" || page.appeals.length > 0,
  );
  const proposals: readonly Act[] = ["propose-resolution", "propose-withdrawal"];
  return proposal
    ? ["confirm", "discard-proposal", ...possible.filter((act) => !proposals.includes(act))]
    : possible;
}

interface ActProps {
  readonly page: ModerationPageDto;
  readonly act: Act;
}

/** One act with its coded reasons. */
export async function ActSection({ page, act }: ActProps) {
  const [t, locale] = await Promise.all([getTranslations("moderation"), getLocale() as Promise<Locale>]);
  const { replyDueAt } = page.case;
  return (
    <section className="section stack" aria-labelledby={`act-${act}`}>
      <h3 id={`act-${act}`}>{t(`act.${act}`)}</h3>
      {act === "open" && replyDueAt ? (
        <p className="note">{t("act.openText", { date: formatMoment(new Date(replyDueAt), locale) })}</p>
      ) : null}
      <ActForm
        {...(await actFormWords(`/moderation/cases/${page.case.id}`))}
        action={moderate}
        id={`form-${act}`}
        prefix={`${act}-`}
        quiet={act === "discard-proposal" || act === "refuse"}
        button={t(`act.${act}`)}
        fields={[
          { kind: "hidden", name: "caseId", value: page.case.id },
          { kind: "hidden", name: "version", value: String(page.version) },
          { kind: "hidden", name: "act", value: act },
          ...(await reasonFields(page, act)),
        ]}
      />
    </section>
  );
}

async function reasonFields(page: ModerationPageDto, act: Act): Promise<FieldSpec[]> {
  const [t, why, locale] = await Promise.all([
    getTranslations("moderation"),
    getTranslations("cases.why"),
    getLocale() as Promise<Locale>,
  ]);
  const radio = (options: readonly { value: string; label: string }[]): FieldSpec[] => [
    { kind: "radio", name: "reason", label: t("reason"), options },
  ];
  switch (act) {
    case "refuse":
      return radio(refusalReasons.map((value) => ({ value, label: why(value) })));
    case "open-early":
      return radio(riskReasons.map((value) => ({ value, label: t(`risk.${value}`) })));
    case "propose-withdrawal":
      return radio(withdrawReasons.map((value) => ({ value, label: why(value) })));
    case "reopen":
      return radio(
        reopenReasons
          .filter((value) =>
            value === "appeal-accepted" ? page.case.appeals.length > 0 : page.case.state === "resolved",
          )
          .map((value) => ({ value, label: why(value) })),
      );
    case "dismiss-appeal":
      return [
        {
          kind: "radio",
          name: "postId",
          label: t("appeal"),
          options: page.case.appeals.map(({ postId, at, grounds }) => ({
            value: postId,
            label: t("appealLabel", { date: formatMoment(new Date(at), locale), grounds: why(grounds) }),
          })),
        },
        ...radio(dismissalReasons.map((value) => ({ value, label: why(value) }))),
      ];
    case "propose-resolution":
      return findingFields(page);
    default:
      return [];
  }
}

async function findingFields(page: ModerationPageDto): Promise<FieldSpec[]> {
  const locale = (await getLocale()) as Locale;
  const [t, cases, common] = await Promise.all([
    getTranslations("moderation"),
    getTranslations("cases"),
    getTranslations("common"),
  ]);
  const none = { value: "", label: t("noneChosen") };
  const finished = page.case.runs.filter(
    (run) => run.state === "finished" && !run.redacted && run.recalled.length === 0,
  );
  return [
    {
      kind: "select",
      name: "finding",
      label: t("finding"),
      options: findings
        .filter((finding) => finding !== "not_examined")
        .map((finding) => ({ value: finding, label: common(`finding.${finding}`) })),
    },
    {
      kind: "checkbox",
      name: "reason",
      label: t("findingReasons"),
      hint: t("findingReasonsHint"),
      options: findingReasonCodes.map((code) => ({ value: code, label: cases(`reason.${code}`) })),
    },
    {
      kind: "select",
      name: "runId",
      label: t("run"),
      options: [
        none,
        ...finished.map((run) => ({
          value: run.id,
          label: [
            formatMoment(new Date(run.finishedAt ?? run.createdAt), locale),
            methodNames(run.methods, locale),
            run.relation ? said(cases, "relation", run.relation) : "",
          ].join(" · "),
        })),
      ],
    },
    {
      kind: "select",
      name: "postId",
      label: t("post"),
      options: [none, ...page.partyReplies.map((id) => ({ value: id, label: id }))],
    },
  ];
}

/** Records that an account speaks for a namespace, and on what basis. */
export async function PartySection({
  page,
  party,
}: {
  readonly page: ModerationPageDto;
  readonly party: PartyDto;
}) {
  const [t, basis] = await Promise.all([
    getTranslations("moderation"),
    getTranslations("cases.parties.basis"),
  ]);
  return (
    <section className="section stack" aria-labelledby={`party-${party.id}`}>
      <h3 id={`party-${party.id}`}>{t("act.accept-party", { name: party.name })}</h3>
      <ActForm
        {...(await actFormWords(`/moderation/cases/${page.case.id}`))}
        action={acceptVoice}
        id={`form-${party.id}`}
        prefix={`${party.id}-`}
        quiet
        button={t("act.accept-party", { name: party.name })}
        fields={[
          { kind: "hidden", name: "caseId", value: page.case.id },
          { kind: "hidden", name: "partyId", value: party.id },
          { kind: "text", name: "email", label: t("email"), hint: t("emailHint"), type: "email" },
          {
            kind: "radio",
            name: "basis",
            label: t("basis"),
            options: partyBases.map((value) => ({ value, label: basis(value) })),
          },
        ]}
      />
    </section>
  );
}
