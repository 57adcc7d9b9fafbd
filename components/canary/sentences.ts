import type { Locale } from "@/i18n/locales";
import {
  assumptionSentence,
  type Exclusion,
  exclusionSentence,
  type Judgement,
  reachedSentence,
  reasonSentence,
} from "@/lib/engine/canary/judge";

/** The engine's sentences in the reader's language. */
export const assumptionText = (
  { assumption, claimed }: { assumption: string; claimed: boolean },
  locale: Locale,
): string => assumptionSentence(assumption, claimed)[locale];

export const reasonText = (reason: Judgement["reasons"][number], locale: Locale): string =>
  reasonSentence(reason)[locale];

export const reachedText = (result: Judgement, locale: Locale): string | null =>
  reachedSentence(result)?.[locale] ?? null;

export const exclusionText = (
  { name, excluded, excludedBy }: { name: string; excluded: Exclusion; excludedBy: string | null },
  locale: Locale,
): string => exclusionSentence(excluded, name, excludedBy)[locale];
