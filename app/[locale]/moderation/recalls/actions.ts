"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { formProblem, localeOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { recallMethod } from "@/lib/verification/server";

/** Recalls a version of a method, at once. */
export async function recall(_before: FormState, form: FormData): Promise<FormState> {
  try {
    await recallMethod(serviceContext(await currentViewer()), {
      method: textOf(form, "method") as "identity",
      version: textOf(form, "version").trim(),
      reasonCode: textOf(form, "reasonCode") as "wrong-null",
      note: textOf(form, "note"),
    });
  } catch (error) {
    const t = await getTranslations({ locale: localeOf(form), namespace: "redaction.recallForm.problem" });
    return formProblem(error, form, {
      own: (code) => (t.has(code as "unknown-version") ? t(code as "unknown-version") : null),
    });
  }
  redirect(`/${localeOf(form)}/moderation/recalls`);
}
