import { getTranslations } from "next-intl/server";
import type { FieldSpec } from "@/components/forms/act-form";
import type { Locale } from "@/i18n/locales";
import { type AnswerSetDto, answerRoles, type SetPageDto } from "@/lib/canaries";

export interface PartProps {
  readonly set: SetPageDto;
  readonly forms: {
    readonly locale: Locale;
    readonly signIn: { readonly href: string; readonly label: string };
  };
}

/**
 * Which model answered, and where it comes from. The original's own answers are its author's side's; anybody else may
 * confirm them once they are there.
 */
export async function whoAnswers(set: SetPageDto): Promise<FieldSpec[]> {
  const [t, roles] = await Promise.all([
    getTranslations("canaries.answers"),
    getTranslations("canaries.roles"),
  ]);
  const hints = {
    original: set.may.original ? t("roleOriginalHint") : t("roleOriginalConfirmHint"),
    suspect: t("roleSuspectHint"),
    reference: t("roleReferenceHint"),
  };
  const toConfirm = confirmable(set);
  const offered = answerRoles.filter(
    (role) => role !== "original" || set.may.original || toConfirm.some((one) => one.role === "original"),
  );
  return [
    { kind: "hidden", name: "setId", value: set.setId },
    {
      kind: "radio",
      name: "role",
      label: t("role"),
      options: offered.map((value) => ({ value, label: roles(value), hint: hints[value] })),
    },
    { kind: "text", name: "name", label: t("name"), hint: t("nameHint") },
    { kind: "text", name: "weights", label: t("weights"), hint: t("weightsHint"), code: true },
    { kind: "text", name: "family", label: t("family"), hint: t("familyHint") },
    { kind: "text", name: "base", label: t("base"), hint: t("baseHint") },
    { kind: "text", name: "vendor", label: t("vendor") },
    { kind: "text", name: "corpus", label: t("corpus"), hint: t("corpusHint") },
    ...(toConfirm.length === 0
      ? []
      : [
          {
            kind: "select" as const,
            name: "confirms",
            label: t("confirms"),
            hint: t("confirmsHint"),
            options: [
              { value: "", label: t("confirmsNone") },
              ...toConfirm.map(({ id, name, role }) => ({
                value: id,
                label: t("confirmsOption", { role: roles(role), name, id }),
              })),
            ],
          },
        ]),
  ];
}

/** First collections of somebody else: a second collector may confirm each of them, the original's among them. */
const confirmable = ({ answers }: SetPageDto): readonly AnswerSetDto[] =>
  answers.filter(({ confirms, mine }) => confirms === null && !mine);
