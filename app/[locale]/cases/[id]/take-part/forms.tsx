import { getLocale, getTranslations } from "next-intl/server";
import { actFormWords, interestFields, ownKeyField } from "@/components/case/act-form-words";
import { ActForm, type FieldSpec } from "@/components/forms/act-form";
import { methodName } from "@/components/result/method-names";
import type { Locale } from "@/i18n/locales";
import { appealGrounds, type CasePageDto, withdrawReasons } from "@/lib/cases";
import type { CheckpointDto } from "@/lib/registry";
import { appeal, askRun, sendPartyReply, sendPost, withdraw } from "./actions";

interface FormProps {
  readonly page: CasePageDto;
}

const hidden = (name: string, value: string): FieldSpec => ({ kind: "hidden", name, value });
const sentOnce = (): FieldSpec => hidden("idempotencyKey", crypto.randomUUID());

/** The whole case or one of its claims. */
async function aboutField(page: CasePageDto): Promise<FieldSpec> {
  const t = await getTranslations("cases");
  return {
    kind: "select",
    name: "claimId",
    label: t("part.about"),
    options: [
      { value: "", label: t("part.wholeCase") },
      ...page.claims.map((claim) => ({
        value: claim.id,
        label: t("claims.titled", { number: claim.number, kind: t(`claimKind.${claim.kind}`) }),
      })),
    ],
  };
}

async function bodyField(): Promise<FieldSpec> {
  const t = await getTranslations("cases.part");
  return { kind: "area", name: "body", label: t("body"), hint: t("bodyHint"), rows: 8 };
}

export async function EvidenceForm({ page, parentId }: FormProps & { readonly parentId: string | null }) {
  const t = await getTranslations("cases.part");
  return (
    <ActForm
      {...(await actFormWords(`/cases/${page.publicId}/take-part`))}
      action={sendPost}
      id="evidence-form"
      button={parentId ? t("addReply") : t("addEvidence")}
      fields={[
        hidden("caseId", page.id),
        sentOnce(),
        parentId ? hidden("parentId", parentId) : await aboutField(page),
        await bodyField(),
        ...(await interestFields()),
        await ownKeyField(),
      ]}
    />
  );
}

export async function PartyForm({ page, partyId }: FormProps & { readonly partyId: string }) {
  const t = await getTranslations("cases.part");
  return (
    <ActForm
      {...(await actFormWords(`/cases/${page.publicId}/take-part`))}
      action={sendPartyReply}
      id={`form-${partyId}`}
      prefix={`${partyId}-`}
      button={t("addPartyReply")}
      fields={[
        hidden("caseId", page.id),
        hidden("partyId", partyId),
        sentOnce(),
        await aboutField(page),
        await bodyField(),
        await ownKeyField(),
      ]}
    />
  );
}

export async function RunForm({
  page,
  checkpoints,
}: FormProps & { readonly checkpoints: readonly CheckpointDto[] }) {
  const locale = (await getLocale()) as Locale;
  const labels = await getTranslations("registry.model.checkpointLabels");
  const [t, methods] = await Promise.all([getTranslations("cases.part"), getTranslations("cases.claimKind")]);
  return (
    <ActForm
      {...(await actFormWords(`/cases/${page.publicId}/take-part`))}
      action={askRun}
      id="run-form"
      prefix="run-"
      button={t("askRun")}
      quiet
      fields={[
        hidden("caseId", page.id),
        sentOnce(),
        {
          kind: "select",
          name: "claimId",
          label: t("runMethods"),
          options: [
            { value: "", label: t("runAll") },
            ...page.claims.map((claim) => ({
              value: claim.id,
              label: t("runClaim", {
                number: claim.number,
                kind: methods(claim.kind),
                method: methodName(claim.method, locale),
              }),
            })),
          ],
        },
        {
          kind: "select",
          name: "level",
          label: t("runLevel"),
          options: (["2", "1", "3"] as const).map((value) => ({ value, label: t(`runLevels.${value}`) })),
        },
        ...(checkpoints.length === 0
          ? []
          : [
              {
                kind: "checkbox" as const,
                name: "checkpoints",
                label: t("checkpoints"),
                hint: t("checkpointsHint"),
                options: checkpoints.map(({ id, release, label, step }) => ({
                  value: id,
                  label: `${release.repository}: ${labels(label, { step: step ?? 0 })}`,
                })),
              },
            ]),
      ]}
    />
  );
}

export async function WithdrawForm({ page }: FormProps) {
  const [t, why] = await Promise.all([getTranslations("cases.part"), getTranslations("cases.why")]);
  return (
    <ActForm
      {...(await actFormWords(`/cases/${page.publicId}/take-part`))}
      action={withdraw}
      id="withdraw-form"
      prefix="withdraw-"
      button={t("withdrawButton")}
      quiet
      fields={[
        hidden("caseId", page.publicId),
        {
          kind: "radio",
          name: "reason",
          label: t("withdrawReason"),
          options: withdrawReasons.map((reason) => ({ value: reason, label: why(reason) })),
        },
        await ownKeyField(),
      ]}
    />
  );
}

export async function AppealForm({ page }: FormProps) {
  const [t, why] = await Promise.all([getTranslations("cases.part"), getTranslations("cases.why")]);
  return (
    <ActForm
      {...(await actFormWords(`/cases/${page.publicId}/take-part`))}
      action={appeal}
      id="appeal-form"
      prefix="appeal-"
      button={t("appealButton")}
      fields={[
        hidden("caseId", page.publicId),
        sentOnce(),
        {
          kind: "radio",
          name: "grounds",
          label: t("appealGrounds"),
          options: appealGrounds.map((ground) => ({ value: ground, label: why(ground) })),
        },
        { ...(await bodyField()), label: t("appealBody") } as FieldSpec,
        await ownKeyField(),
      ]}
    />
  );
}
