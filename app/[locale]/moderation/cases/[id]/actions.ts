"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { formProblem, localeOf, optional, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { type FindingReason, findingReasonCodes, type MoveCaseInput } from "@/lib/cases";
import { acceptParty, moveCase } from "@/lib/cases/server";
import { serviceContext } from "@/lib/platform/context/server";

/** Moderation's own codes in the reader's language. */
async function own(form: FormData): Promise<(code: string) => string | null> {
  const t = await getTranslations({ locale: localeOf(form), namespace: "moderation.problem" });
  return (code) => (t.has(code as "no-finding") ? t(code as "no-finding") : null);
}

/** Each ticked reason with what it rests on: a party's own words, or the run that was named. */
function reasonsOf(form: FormData): FindingReason[] {
  const ticked = new Set(form.getAll("reason"));
  const [runId, postId] = [textOf(form, "runId"), textOf(form, "postId")];
  return findingReasonCodes
    .filter((code) => ticked.has(code))
    .map((code) =>
      code === "party-acknowledged"
        ? { code, ...(postId ? { postId } : {}) }
        : { code, ...(runId ? { runId } : {}) },
    );
}

/** One act on the procedure. The command's schema and the state table refuse whatever the form should not have said. */
export async function moderate(_before: FormState, form: FormData): Promise<FormState> {
  const caseId = textOf(form, "caseId");
  const name = textOf(form, "act");
  const act = {
    act: name,
    ...(name === "propose-resolution"
      ? { finding: textOf(form, "finding"), reasons: reasonsOf(form) }
      : { reason: textOf(form, "reason"), ...optional(form, "postId") }),
  };
  try {
    await moveCase(serviceContext(await currentViewer()), {
      caseId,
      version: Number(textOf(form, "version")),
      act: act as MoveCaseInput["act"],
    });
  } catch (error) {
    const names = (field: string) => {
      const part = field.replace(/^act\./, "").split(".")[0] ?? field;
      return part === "reasons" ? "reason" : part;
    };
    return formProblem(error, form, { names, own: await own(form) });
  }
  redirect(`/${localeOf(form)}/moderation/cases/${encodeURIComponent(caseId)}`);
}

export async function acceptVoice(_before: FormState, form: FormData): Promise<FormState> {
  const caseId = textOf(form, "caseId");
  try {
    await acceptParty(serviceContext(await currentViewer()), {
      caseId,
      partyId: textOf(form, "partyId"),
      email: textOf(form, "email").trim(),
      basis: textOf(form, "basis") as "challenge-file",
    });
  } catch (error) {
    return formProblem(error, form, { own: await own(form) });
  }
  redirect(`/${localeOf(form)}/moderation/cases/${encodeURIComponent(caseId)}`);
}
