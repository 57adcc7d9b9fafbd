"use server";

import { redirect } from "next/navigation";
import { formProblem, localeOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import type { ChangesSinceDto } from "@/lib/evidence";
import { changesSince, editPost, withdrawPost } from "@/lib/evidence/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";

/** `changed`: another version was saved meanwhile; the form goes on from it, with what was typed. */
export interface EditState extends FormState {
  readonly changed: ChangesSinceDto | null;
}

export async function saveText(_before: EditState, form: FormData): Promise<EditState> {
  const postId = textOf(form, "postId");
  const baseVersion = textOf(form, "baseVersion");
  const ctx = serviceContext(await currentViewer());
  try {
    await editPost(ctx, { postId, baseVersion, body: textOf(form, "body") });
  } catch (error) {
    const state = await formProblem(error, form);
    if (!(error instanceof AppError) || error.code !== "changed-meanwhile")
      return { ...state, changed: null };
    const changed = await changesSince(ctx, postId, Number(baseVersion), ctx.viewer);
    // The author has been shown the other version: sending again is a change of that one.
    const values = changed ? { ...state.values, baseVersion: String(changed.version) } : state.values;
    return { ...state, values, changed };
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
