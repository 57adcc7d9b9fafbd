import type { useTranslations } from "next-intl";
import type { CasePageDto } from "@/lib/cases";

type Translate = ReturnType<typeof useTranslations<"cases">>;

/** The finding as a sentence. What a documented case rests on is a public record, and its sentence says so. */
export function findingSentence(t: Translate, page: Pick<CasePageDto, "documented" | "finding">): string {
  return page.documented && page.finding === "acknowledged"
    ? t("findingDocumented")
    : t(`findingText.${page.finding}`);
}

/** A sentence for a code that came out of the database; an unknown code (of a newer version) is shown as it is. */
export function said(t: Translate, group: string, code: string): string {
  const key = `${group}.${code}` as Parameters<Translate>[0];
  return t.has(key) ? t(key) : code;
}
