import type { Locale } from "@/i18n/locales";

/** Sentences one after another: Chinese ones follow without a space. */
export function sentences(parts: readonly string[], locale: Locale): string {
  return parts.join(locale === "zh" ? "" : " ");
}
