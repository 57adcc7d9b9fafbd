import { getTranslations } from "next-intl/server";
import { formProblem, localeOf } from "@/components/forms/form-problem";
import { emptyForm, type FormState } from "@/components/forms/form-state";
import { AppError } from "@/lib/platform/errors";

/** Files of a command that come in through one field of a form. */
const fileFields: Readonly<Record<string, string>> = { answers: "file", transcript: "file" };

/** Performs an act of a canary form and says what came of it, or what stands in the way. */
export async function act(form: FormData, perform: () => Promise<string>): Promise<FormState> {
  try {
    return { ...emptyForm, done: await perform() };
  } catch (error) {
    return problemOf(error, form);
  }
}

/** A refusal in the reader's language: of a field, of a file by the engine's code, or of the state that a set is in. */
export async function problemOf(error: unknown, form: FormData): Promise<FormState> {
  const locale = localeOf(form);
  const [refusals, problems] = await Promise.all([
    getTranslations({ locale, namespace: "canaries.refusals" }),
    getTranslations({ locale, namespace: "canaries.problems" }),
  ]);
  const detail = error instanceof AppError ? error.detail : {};
  const own = (code: string): string | null => {
    if (refusals.has(code as "choose")) return refusals(code as "choose");
    if (!problems.has(code as "invalid")) return null;
    const sentence = problems(code as "invalid");
    return detail.item === undefined ? sentence : refusals("atItem", { sentence, item: String(detail.item) });
  };
  const names = (field: string) => (form.has(field) ? field : (fileFields[field] ?? field));
  const state = await formProblem(error, form, { own, names });
  // What is not yet so that it can be done: which, says the detail.
  const reason = own(String(detail.reason ?? ""));
  return reason !== null && state.problem !== null ? { ...state, problem: reason } : state;
}
