"use server";

import { getTranslations } from "next-intl/server";
import { localeOf, optional, ownKeyOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import type { AnswerRole } from "@/lib/canaries";
import {
  addPictures,
  addTranscript,
  cancelAsk,
  pinRelease,
  queueAsk,
  queueJudge,
  recordAnswers,
  splitTranscript,
} from "@/lib/canaries/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import { act } from "../../act";

async function fileOf(form: FormData, name: string): Promise<Uint8Array> {
  const file = form.get(name);
  if (!(file instanceof File) || file.size === 0)
    throw new AppError("invalid-input", { fields: { [name]: "choose-file" } });
  return new Uint8Array(await file.arrayBuffer());
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
    const ctx = serviceContext(await currentViewer());
    const { answers, transcript, header } = splitTranscript(await fileOf(form, "file"));
    await recordAnswers(ctx, {
      setId: textOf(form, "setId"),
      role: textOf(form, "role") as AnswerRole,
      name: textOf(form, "name"),
      ...optional(form, "release"),
      ...optional(form, "weights"),
      ...optional(form, "family"),
      ...optional(form, "base"),
      ...optional(form, "vendor"),
      ...optional(form, "corpus"),
      ...optional(form, "confirms"),
      ...optional(form, "transcriptRoot"),
      ...header,
      ...ownKeyOf(form),
      answers,
      ...(transcript === null ? {} : { transcript }),
    });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.answers" });
    return t(form.get("ownKey") === null ? "uploaded" : "uploadedSign");
  });
}

/** Takes the transcript whose root was registered with the answers; another one is refused. */
export async function handInTranscript(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const ctx = serviceContext(await currentViewer());
    const transcript = await fileOf(form, "transcript");
    const { added } = await addTranscript(ctx, { answersId: textOf(form, "answersId"), transcript });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.answers" });
    return t(added ? "transcriptAdded" : "transcriptThere");
  });
}

/** Takes the pictures of drawn items, as many as were chosen. */
export async function handInPictures(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const ctx = serviceContext(await currentViewer());
    const files = form.getAll("pictures").filter((file) => file instanceof File && file.size > 0) as File[];
    if (files.length === 0) throw new AppError("invalid-input", { fields: { pictures: "choose-file" } });
    const pictures = await Promise.all(
      files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    );
    const told = await addPictures(ctx, { setId: textOf(form, "setId"), pictures });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.answers" });
    return t("picturesAdded", told);
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
      ...optional(form, "corpus"),
      ...optional(form, "confirms"),
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
