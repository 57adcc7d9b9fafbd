import type { Locale } from "@/i18n/locales";
import type { Exclusion, Judgement } from "@/lib/engine/canary/judge";

export const assumptionText = (code: string, _locale: Locale | string): string => code;
export const reasonText = (reason: Judgement["reasons"][number], _locale: Locale): string => reason.code;
export const exclusionText = (code: Exclusion, by: string | null, _locale: Locale): string =>
  by === null ? code : `${code} (${by})`;
