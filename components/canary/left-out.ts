import type { useTranslations } from "next-intl";

type Why = ReturnType<typeof useTranslations<"canaries.judgement.leftOutReasons">>;

/** Why a registered reference takes no part, by its code. */
export const leftOutText = (reason: string, why: Why): string =>
  why.has(reason as "other") ? why(reason as "other") : why("other");
