"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { afterAct, ownKeyOf } from "@/components/forms/form-problem";
import { type FormState, typedValues } from "@/components/forms/form-state";
import { isLocale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import { withdrawModel } from "@/lib/registry/server";

export async function withdraw(_before: FormState, form: FormData): Promise<FormState> {
  const asked = form.get("locale");
  const locale = isLocale(asked) ? asked : "en";
  const modelId = String(form.get("modelId") ?? "");
  try {
    const ctx = serviceContext(await currentViewer());
    await withdrawModel(ctx, { modelId, reason: String(form.get("reason") ?? ""), ...ownKeyOf(form) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [errors, fields] = await Promise.all([
      getTranslations({ locale, namespace: "errors" }),
      getTranslations({ locale, namespace: "registry.fields" }),
    ]);
    const values = typedValues(form);
    const code = error.fields.reason;
    if (code !== undefined)
      return {
        values,
        fields: { reason: fields(code === "too-long" ? code : "required") },
        problem: null,
        done: null,
      };
    return { values, fields: {}, problem: errors(error.code), done: null };
  }
  redirect(afterAct(form, `/models/${modelId}`));
}
