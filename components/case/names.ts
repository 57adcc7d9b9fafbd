import type { useTranslations } from "next-intl";

type Translate = ReturnType<typeof useTranslations<"cases">>;

/** A sentence for a code that came out of the database; an unknown code (of a newer version) is shown as it is. */
export function said(t: Translate, group: string, code: string): string {
  const key = `${group}.${code}` as Parameters<Translate>[0];
  return t.has(key) ? t(key) : code;
}
