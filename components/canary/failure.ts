import type { useTranslations } from "next-intl";

type Failures = ReturnType<typeof useTranslations<"canaries.failures">>;
type Problems = ReturnType<typeof useTranslations<"canaries.problems">>;

/** Why a job of canaries ended without what it was to make, by its code: of the site, or of the engine. */
export function failureText(code: string | undefined, failures: Failures, problems: Problems): string {
  if (code !== undefined && failures.has(code as "internal")) return failures(code as "internal");
  return code !== undefined && problems.has(code as "invalid")
    ? problems(code as "invalid")
    : failures("internal");
}
