"use server";

import { redirect } from "next/navigation";
import { afterAct, formProblem, localeOf, optional, ownKeyOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { withdrawCase } from "@/lib/cases/server";
import { addPost, appealCase, replyAsParty } from "@/lib/evidence/server";
import { serviceContext } from "@/lib/platform/context/server";
import type { RunLevel } from "@/lib/verification";
import { queueRun } from "@/lib/verification/server";

/** Evidence, or a reply when the form names a post. Leads to the text's own page. */
export async function sendPost(_before: FormState, form: FormData): Promise<FormState> {
  let postId: string;
  try {
    ({ postId } = await addPost(serviceContext(await currentViewer()), {
      caseId: textOf(form, "caseId"),
      body: textOf(form, "body"),
      interest: textOf(form, "interest") as "none",
      ...optional(form, "interestNote"),
      ...optional(form, "claimId"),
      ...optional(form, "parentId"),
      ...optional(form, "idempotencyKey"),
      ...ownKeyOf(form),
    }));
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(afterAct(form, `/evidence/${postId}`));
}

export async function sendPartyReply(_before: FormState, form: FormData): Promise<FormState> {
  let postId: string;
  try {
    ({ postId } = await replyAsParty(serviceContext(await currentViewer()), {
      caseId: textOf(form, "caseId"),
      partyId: textOf(form, "partyId"),
      body: textOf(form, "body"),
      ...optional(form, "claimId"),
      ...optional(form, "idempotencyKey"),
      ...ownKeyOf(form),
    }));
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(afterAct(form, `/evidence/${postId}`));
}

export async function askRun(_before: FormState, form: FormData): Promise<FormState> {
  let runId: string;
  try {
    ({ runId } = await queueRun(serviceContext(await currentViewer()), {
      caseId: textOf(form, "caseId"),
      ...optional(form, "claimId"),
      checkpoints: form.getAll("checkpoints").map(String),
      level: Number(textOf(form, "level") || 2) as RunLevel,
      ...optional(form, "idempotencyKey"),
    }));
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(`/${localeOf(form)}/runs/${runId}`);
}

export async function withdraw(_before: FormState, form: FormData): Promise<FormState> {
  const caseId = textOf(form, "caseId");
  try {
    await withdrawCase(serviceContext(await currentViewer()), {
      caseId,
      reason: textOf(form, "reason") as "mistaken",
      ...ownKeyOf(form),
    });
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(afterAct(form, `/cases/${encodeURIComponent(caseId)}`));
}

export async function appeal(_before: FormState, form: FormData): Promise<FormState> {
  let postId: string;
  try {
    ({ postId } = await appealCase(serviceContext(await currentViewer()), {
      caseId: textOf(form, "caseId"),
      grounds: textOf(form, "grounds") as "measurement-wrong",
      body: textOf(form, "body"),
      ...optional(form, "idempotencyKey"),
      ...ownKeyOf(form),
    }));
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(afterAct(form, `/evidence/${postId}`));
}
