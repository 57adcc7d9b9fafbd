"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { formProblem, localeOf, optional, textOf } from "@/components/forms/form-problem";
import { type FormState, typedValues } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { retractDraft, submitCase, updateDraft } from "@/lib/cases/server";
import { serviceContext } from "@/lib/platform/context/server";
import { claimsOf, fieldOfForm } from "../claims-of-form";

export async function saveDraft(_before: FormState, form: FormData): Promise<FormState> {
  try {
    await updateDraft(serviceContext(await currentViewer()), {
      caseId: textOf(form, "caseId"),
      claims: claimsOf(form),
      statement: textOf(form, "statement"),
      interest: textOf(form, "interest") as "none",
      ...optional(form, "interestNote"),
    });
  } catch (error) {
    return formProblem(error, form, { names: fieldOfForm(form) });
  }
  refresh();
  const t = await getTranslations({ locale: localeOf(form), namespace: "report.draft" });
  return { values: typedValues(form), fields: {}, problem: null, done: t("saved") };
}

export async function handIn(_before: FormState, form: FormData): Promise<FormState> {
  const caseId = textOf(form, "caseId");
  let target = `/${localeOf(form)}/report/${encodeURIComponent(caseId)}`;
  try {
    const result = await submitCase(serviceContext(await currentViewer()), { caseId });
    if (result.outcome === "joined") target = `/${localeOf(form)}/cases/${result.publicId}/take-part`;
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(target);
}

export async function takeBack(_before: FormState, form: FormData): Promise<FormState> {
  const caseId = textOf(form, "caseId");
  try {
    await retractDraft(serviceContext(await currentViewer()), { caseId });
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(`/${localeOf(form)}/report/${encodeURIComponent(caseId)}`);
}
