"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { afterAct, formProblem, localeOf, ownKeyOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { fileReproduction } from "@/lib/verification/server";

/** States what came out when somebody ran a result again. */
export async function file(_before: FormState, form: FormData): Promise<FormState> {
  const runId = textOf(form, "runId");
  try {
    await fileReproduction(serviceContext(await currentViewer()), {
      runId,
      document: textOf(form, "document"),
      interest: textOf(form, "interest") as "none",
      ...ownKeyOf(form),
    });
  } catch (error) {
    const t = await getTranslations({ locale: localeOf(form), namespace: "runs.reproductions.fields" });
    return formProblem(error, form, {
      own: (code) => (t.has(code as "altered") ? t(code as "altered") : null),
    });
  }
  redirect(afterAct(form, `/runs/${runId}`));
}
