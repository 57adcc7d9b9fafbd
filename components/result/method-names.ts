import type { Locale } from "@/i18n/locales";
import { methodsAbout } from "@/lib/engine/methods/about";

/** The name of a method for readers; a method this version does not know is shown by its code. */
export function methodName(id: string, locale: Locale): string {
  return methodsAbout.find((one) => one.id === id)?.name[locale] ?? id;
}

export function methodNames(ids: readonly string[], locale: Locale): string {
  return ids.map((id) => methodName(id, locale)).join(locale === "zh" ? "、" : ", ");
}

/** What a method ended in, in words. */
export function methodSays(id: string, code: string, locale: Locale): string {
  return methodsAbout.find((one) => one.id === id)?.says[code]?.[locale] ?? code;
}
