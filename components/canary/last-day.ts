import { formatMoment } from "@/components/marks/time";
import type { Locale } from "@/i18n/locales";

/** The last day on which items may be revealed: `revealBy` is the first moment after it. */
export function lastDay(revealBy: Date, locale: Locale): string {
  return formatMoment(new Date(revealBy.getTime() - 1), locale, true);
}
