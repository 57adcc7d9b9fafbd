"use server";

import { getTranslations } from "next-intl/server";
import { formProblem, localeOf, optional, ownKeyOf, textOf } from "@/components/forms/form-problem";
import { emptyForm, type FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import type { CheckpointLabel, FingerprintKind } from "@/lib/registry";
import { addCheckpoint, addFingerprint, cancelFingerprint, queueFingerprint } from "@/lib/registry/server";

type Done = "asked" | "cancelDone" | "fileDone" | "fileKnown" | "checkpointDone" | "signNext";

/** Runs one act and says what was done, or what stands in the way in the reader's language. */
async function act(
  form: FormData,
  perform: (ctx: ReturnType<typeof serviceContext>) => Promise<Done>,
): Promise<FormState> {
  const locale = localeOf(form);
  try {
    const done = await perform(serviceContext(await currentViewer()));
    const t = await getTranslations({ locale, namespace: "registry.weights" });
    return { ...emptyForm, done: t(done) };
  } catch (error) {
    const t = await getTranslations({ locale, namespace: "registry.fields" });
    const own = (code: string) => (t.has(code as "choose") ? t(code as "choose") : null);
    return formProblem(error, form, { own });
  }
}

export async function askFingerprint(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async (ctx) => {
    const kind = textOf(form, "kind") as FingerprintKind;
    await queueFingerprint(ctx, { modelId: textOf(form, "modelId"), kind });
    return "asked";
  });
}

export async function stopFingerprint(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async (ctx) => {
    await cancelFingerprint(ctx, { jobId: textOf(form, "jobId") });
    return "cancelDone";
  });
}

export async function handInFingerprint(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async (ctx) => {
    const file = form.get("fingerprint");
    if (!(file instanceof File) || file.size === 0) {
      throw new AppError("invalid-input", { fields: { fingerprint: "fingerprint-missing" } });
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { created } = await addFingerprint(ctx, {
      modelId: textOf(form, "modelId"),
      bytes,
      ...ownKeyOf(form),
    });
    if (!created) return "fileKnown";
    return form.get("ownKey") === null ? "fileDone" : "signNext";
  });
}

export async function registerCheckpoint(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async (ctx) => {
    await addCheckpoint(ctx, {
      modelId: textOf(form, "modelId"),
      address: textOf(form, "address"),
      label: textOf(form, "label") as CheckpointLabel,
      ...optional(form, "step"),
      ...ownKeyOf(form),
    });
    return form.get("ownKey") === null ? "checkpointDone" : "signNext";
  });
}
