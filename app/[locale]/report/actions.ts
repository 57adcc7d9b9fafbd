"use server";

import { redirect } from "next/navigation";
import { formProblem, localeOf, optional, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { typedValues } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { draftCase } from "@/lib/cases/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import { claimsOf, fieldOfForm, linesOf } from "./claims-of-form";

/** Captures both sides and drafts the report; a pair that has a case already leads there. */
export async function draftReport(_before: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form);
  let target: string;
  try {
    const result = await draftCase(serviceContext(await currentViewer()), {
      original: textOf(form, "original"),
      suspect: textOf(form, "suspect"),
      ancestors: linesOf(form, "ancestors"),
      controls: linesOf(form, "controls"),
      claims: claimsOf(form),
      statement: textOf(form, "statement"),
      interest: textOf(form, "interest") as "none",
      ...optional(form, "interestNote"),
      ...optional(form, "idempotencyKey"),
    });
    if (result.outcome === "joined")
      return { ...refusal(form), values: { ...typedValues(form), $joined: result.publicId } };
    target = `/${locale}/report/${result.caseId}`;
  } catch (error) {
    const problem = await formProblem(error, form, { names: fieldOfForm(form) });
    // From here on the form says first that the lineage is declared, and offers what can still be claimed.
    const declared = error instanceof AppError && error.code === "declared-derivative";
    return declared ? { ...problem, values: { ...problem.values, $declared: "yes" } } : problem;
  }
  redirect(target);
}

function refusal(form: FormData): FormState {
  return { values: typedValues(form), fields: {}, problem: null, done: null };
}
