import { useLocale } from "next-intl";
import { type Locale, languageTag } from "@/i18n/locales";
import { RelativeTime } from "./relative-time";

interface TimeProps {
  readonly at: Date | string;
  /** Day only, for dates whose hour says nothing */
  readonly dayOnly?: boolean;
  /** Adds "3 days ago", in the browser: pages are cached, so the server must not say it */
  readonly relative?: boolean;
}

/** Absolute first, with its zone; relative second. */
export function Time({ at, dayOnly = false, relative = false }: TimeProps) {
  const locale = useLocale() as Locale;
  const date = typeof at === "string" ? new Date(at) : at;
  const iso = date.toISOString();
  return (
    <span>
      <time dateTime={dayOnly ? iso.slice(0, 10) : iso}>{formatMoment(date, locale, dayOnly)}</time>
      {relative ? <RelativeTime iso={iso} tag={languageTag[locale]} /> : null}
    </span>
  );
}

/** "26 May 2024, 09:12 UTC", "2024年5月26日 09:12（UTC）" */
export function formatMoment(date: Date, locale: Locale, dayOnly = false): string {
  const zone = { timeZone: "UTC" } as const;
  const clock = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" }).format(
    date,
  );
  if (locale === "zh") {
    const day = `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
    return dayOnly ? day : `${day} ${clock}（UTC）`;
  }
  const day = new Intl.DateTimeFormat("en-GB", {
    ...zone,
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(date);
  return dayOnly ? day : `${day}, ${clock} UTC`;
}
