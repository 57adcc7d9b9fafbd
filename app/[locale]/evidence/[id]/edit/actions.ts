"use server";

import { redirect } from "next/navigation";
import { formProblem, localeOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { editPost, withdrawPost } from "@/lib/evidence/server";
import { serviceContext } from "@/lib/platform/context/server";

export async function saveText(_before: FormState, form: FormData): Promise<FormState> {
  const postId = textOf(form, "postId");
  try {
    await editPost(serviceContext(await currentViewer()), {
      postId,
      baseVersion: textOf(form, "baseVersion"),
      body: textOf(form, "body"),
    });
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(`/${localeOf(form)}/evidence/${encodeURIComponent(postId)}`);
}

export async function withdrawText(_before: FormState, form: FormData): Promise<FormState> {
  const postId = textOf(form, "postId");
  try {
    await withdrawPost(serviceContext(await currentViewer()), { postId });
  } catch (error) {
    return formProblem(error, form);
  }
  redirect(`/${localeOf(form)}/evidence/${encodeURIComponent(postId)}`);
}
