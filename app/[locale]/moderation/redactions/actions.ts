"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { formProblem, localeOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { discardRedaction, redactEntry } from "@/lib/redaction/server";

async function own(form: FormData): Promise<(code: string) => string | null> {
  const t = await getTranslations({ locale: localeOf(form), namespace: "redaction.moderation.problem" });
  return (code) => (t.has(code as "unknown-entry") ? t(code as "unknown-entry") : null);
}

/** Proposes a redaction, or carries out what was proposed. The command decides which. */
export async function redact(_before: FormState, form: FormData): Promise<FormState> {
  const entry = textOf(form, "entry").trim();
  try {
    await redactEntry(serviceContext(await currentViewer()), {
      ...(/^\d{1,15}$/.test(entry) ? { index: Number(entry) } : { dedupKey: entry }),
      reasonCode: textOf(form, "reasonCode") as "privacy",
      authorityReference: textOf(form, "authorityReference"),
      what: (textOf(form, "what") || "text") as "text",
      repository: textOf(form, "repository"),
      confirm: textOf(form, "confirm"),
    });
  } catch (error) {
    return formProblem(error, form, {
      names: (field) => (field === "index" || field === "dedupKey" ? "confirm" : field),
      own: await own(form),
    });
  }
  redirect(`/${localeOf(form)}/moderation/redactions?entry=${encodeURIComponent(entry)}`);
}

export async function discard(_before: FormState, form: FormData): Promise<FormState> {
  try {
    await discardRedaction(serviceContext(await currentViewer()), textOf(form, "redactionId"));
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(`/${localeOf(form)}/moderation/redactions`);
}
