import { getTranslations } from "next-intl/server";
import { isLocale, type Locale } from "@/i18n/locales";
import { AppError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/telemetry";
import { type FormState, typedValues } from "./form-state";

export function localeOf(form: FormData): Locale {
  const locale = form.get("locale");
  return isLocale(locale) ? locale : "en";
}

export const textOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value.replace(/\r\n/g, "\n") : "";
};

/** Left out when empty: an optional field that nobody filled is not an empty value. */
export const optional = <Name extends string>(form: FormData, name: Name): { [Key in Name]?: string } => {
  const value = textOf(form, name).trim();
  return (value === "" ? {} : { [name]: value }) as { [Key in Name]?: string };
};

/** The author signs with a key of their own: nothing when the box is not ticked. */
export const ownKeyOf = (form: FormData): { readonly ownKey?: true } =>
  form.get("ownKey") === null ? {} : { ownKey: true };

/** Where to go after an act: to what waits for its author's signature, or to where it is shown. */
export const afterAct = (form: FormData, path: string): string =>
  `/${localeOf(form)}${form.get("ownKey") === null ? path : "/sign"}`;

type Sentence = (code: string) => string | null;

/**
 * What a failed act tells the form: every value as it was typed, a sentence for each field, one for the whole.
 * `names` says which field of the form a field of the command stands for; `own` knows an area's own codes.
 */
export async function formProblem(
  error: unknown,
  form: FormData,
  options: { readonly names?: (field: string) => string; readonly own?: Sentence } = {},
): Promise<FormState> {
  const t = await getTranslations({ locale: localeOf(form), namespace: "errors" });
  const values: Record<string, string> = typedValues(form);
  if (!(error instanceof AppError)) {
    log.error({ err: error }, "a form could not be handled");
    values.$summary = t("summary", { count: 1 });
    return { values, fields: {}, problem: t("internal"), done: null };
  }
  const sentence = (code: string, field: string): string => {
    const own = options.own?.(code);
    if (own) return own;
    if (t.has(code as "internal")) return t(code as "internal");
    return (values[field] ?? "").trim() === "" ? t("required") : t("invalid-input");
  };
  const fields: Record<string, string> = {};
  for (const [field, code] of Object.entries(error.fields)) {
    const name = options.names?.(field) ?? field.split(".")[0] ?? field;
    fields[name] ??= sentence(code, name);
  }
  const problem = Object.keys(fields).length > 0 ? null : t(error.code);
  values.$summary = t("summary", { count: Object.keys(fields).length || 1 });
  if (error.code === "sign-in-required") values.$signIn = "yes";
  return { values, fields, problem, done: null };
}
