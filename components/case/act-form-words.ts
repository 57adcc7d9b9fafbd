import { getLocale, getTranslations } from "next-intl/server";
import { interests } from "@/lib/cases";

/** What every form of a case needs to know: language, sign-in beside it, the word while it is on its way. */
export async function actFormWords(next: string) {
  const [t, locale] = await Promise.all([getTranslations("cases.part"), getLocale()]);
  return {
    locale,
    pendingLabel: t("sending"),
    signIn: {
      href: `/${locale}/sign-in?next=${encodeURIComponent(`/${locale}${next}`)}`,
      label: t("signInAgain"),
    },
  };
}

/** Signed by its author's own key, in the next step, or by the site. */
export async function ownKeyField() {
  const t = await getTranslations("cases.part");
  return {
    kind: "checkbox" as const,
    name: "ownKey",
    label: t("ownKey"),
    options: [{ value: "yes", label: t("ownKeyHint") }],
  };
}

/** The fields of every declared interest. */
export async function interestFields(value?: { interest: string; note: string | null }) {
  const [t, part] = await Promise.all([getTranslations("cases.interest"), getTranslations("cases.part")]);
  return [
    {
      kind: "select" as const,
      name: "interest",
      label: t("label"),
      hint: part("interestHint"),
      ...(value ? { value: value.interest } : {}),
      options: [
        // Nothing is declared by leaving a field as it was.
        ...(value ? [] : [{ value: "", label: t("choose") }]),
        ...interests.map((interest) => ({ value: interest, label: t(interest) })),
      ],
    },
    {
      kind: "text" as const,
      name: "interestNote",
      label: part("interestNote"),
      hint: part("interestNoteHint"),
      ...(value?.note ? { value: value.note } : {}),
    },
  ];
}
