import "server-only";
import { getTranslations } from "next-intl/server";
import type { Locale } from "@/i18n/locales";
import { AppError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/telemetry";
import { emptyForm, type FormState } from "./form-state";

/** A refusal of a command as a form shows it. What is not an AppError is logged and shown as "internal". */
export async function formProblems(
  error: unknown,
  values: Readonly<Record<string, string>>,
  locale: Locale,
): Promise<FormState> {
  const t = await getTranslations({ locale, namespace: "errors" });
  const sentence = (code: string) => (t.has(code) ? t(code) : t("invalid-input"));
  const state = { ...emptyForm, values };
  if (!(error instanceof AppError)) {
    log.error({ err: error }, "a form failed");
    return { ...state, problem: sentence("internal") };
  }
  const fields = Object.fromEntries(
    Object.entries(error.fields).map(([field, code]) => [field, sentence(code)]),
  );
  return { ...state, fields, problem: Object.keys(fields).length > 0 ? null : sentence(error.code) };
}
