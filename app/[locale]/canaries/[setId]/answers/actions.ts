"use server";

import { getTranslations } from "next-intl/server";
import { formProblem, localeOf, optional, textOf } from "@/components/forms/form-problem";
import { emptyForm, type FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import type { AnswerRole } from "@/lib/canaries";
import {
  cancelAsk,
  pinRelease,
  queueAsk,
  queueJudge,
  recordAnswers,
  splitTranscript,
} from "@/lib/canaries/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";

async function act(form: FormData, perform: () => Promise<string>): Promise<FormState> {
  try {
    return { ...emptyForm, done: await perform() };
  } catch (error) {
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.refusals" });
    const own = (code: string) => (t.has(code as "choose") ? t(code as "choose") : null);
    const state = await formProblem(error, form, { own });
    // What is not yet so that it can be done: which, says the detail.
    const reason = error instanceof AppError ? own(String(error.detail.reason ?? "")) : null;
    return reason !== null && state.problem !== null ? { ...state, problem: reason } : state;
  }
}

/** Looks at a release and puts its weights on the log, before it is asked. */
export async function pin(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const ctx = serviceContext(await currentViewer());
    const { release } = await pinRelease(ctx, {
      setId: textOf(form, "setId"),
      address: textOf(form, "address"),
    });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.answers" });
    return t("pinned", { release });
  });
}

/** Takes answers as somebody hands them in, with or without the transcript they come from. */
export async function handInAnswers(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const file = form.get("file");
    if (!(file instanceof File) || file.size === 0)
      throw new AppError("invalid-input", { fields: { file: "choose-file" } });
    const ctx = serviceContext(await currentViewer());
    const { answers, transcript, header } = splitTranscript(new Uint8Array(await file.arrayBuffer()));
    await recordAnswers(ctx, {
      setId: textOf(form, "setId"),
      role: textOf(form, "role") as AnswerRole,
      name: textOf(form, "name"),
      ...optional(form, "release"),
      ...optional(form, "weights"),
      ...optional(form, "family"),
      ...optional(form, "base"),
      ...optional(form, "vendor"),
      ...optional(form, "confirms"),
      ...header,
      answers,
      ...(transcript === null ? {} : { transcript }),
    });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.answers" });
    return t("uploaded");
  });
}

export async function askEndpoint(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const ctx = serviceContext(await currentViewer());
    const budget = textOf(form, "budget").trim();
    await queueAsk(ctx, {
      setId: textOf(form, "setId"),
      role: textOf(form, "role") as AnswerRole,
      name: textOf(form, "name"),
      endpoint: textOf(form, "endpoint"),
      model: textOf(form, "model"),
      ...optional(form, "weights"),
      ...optional(form, "family"),
      ...optional(form, "base"),
      ...optional(form, "vendor"),
      ...(budget === "" ? {} : { budget: Number(budget) }),
    });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.answers" });
    return t("asked");
  });
}

export async function stopAsking(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    await cancelAsk(serviceContext(await currentViewer()), { jobId: textOf(form, "jobId") });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.answers" });
    return t("stopped");
  });
}

export async function askJudgement(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const ctx = serviceContext(await currentViewer());
    await queueJudge(ctx, { setId: textOf(form, "setId"), suspect: textOf(form, "suspect") });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.answers" });
    return t("judgeAsked");
  });
}
