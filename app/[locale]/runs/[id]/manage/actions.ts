"use server";

import { redirect } from "next/navigation";
import { localeOf } from "@/components/forms/form-problem";
import { formProblems } from "@/components/forms/form-problems";
import { type FormState, typedValues } from "@/components/forms/form-state";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { cancelRun, rerun } from "@/lib/verification/server";

function readForm(form: FormData): { locale: Locale; runId: string; key: string } {
  const { runId = "", key = "" } = typedValues(form);
  return { locale: localeOf(form), runId, key };
}

export async function rerunAction(_: FormState, form: FormData): Promise<FormState> {
  const { locale, runId, key } = readForm(form);
  let next: string;
  try {
    const ctx = serviceContext(await currentViewer());
    ({ runId: next } = await rerun(ctx, { runId, idempotencyKey: key }));
  } catch (error) {
    return formProblems(error, {}, locale);
  }
  redirect(`/${locale}/runs/${next}`);
}

export async function cancelAction(_: FormState, form: FormData): Promise<FormState> {
  const { locale, runId } = readForm(form);
  try {
    await cancelRun(serviceContext(await currentViewer()), { runId });
  } catch (error) {
    return formProblems(error, {}, locale);
  }
  redirect(`/${locale}/runs/${runId}/manage`);
}
