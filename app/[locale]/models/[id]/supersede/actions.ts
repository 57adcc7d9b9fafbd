"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { afterAct, formProblem, localeOf, ownKeyOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { supersedeModel } from "@/lib/registry/server";

/** Says which registration takes the place of this one. */
export async function supersede(_before: FormState, form: FormData): Promise<FormState> {
  const modelId = textOf(form, "modelId");
  try {
    await supersedeModel(serviceContext(await currentViewer()), {
      modelId,
      by: textOf(form, "by"),
      reason: textOf(form, "reason") as "new-revision",
      ...ownKeyOf(form),
    });
  } catch (error) {
    const t = await getTranslations({ locale: localeOf(form), namespace: "registry.supersede.fields" });
    return formProblem(error, form, {
      own: (code) => (t.has(code as "choose") ? t(code as "choose") : null),
    });
  }
  redirect(afterAct(form, `/models/${modelId}`));
}
