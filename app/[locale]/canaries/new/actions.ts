"use server";

import { redirect } from "next/navigation";
import { localeOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import type { CommitSetInput } from "@/lib/canaries";
import { authorKeyIdOf, commitSet, linkSet } from "@/lib/canaries/server";
import { CanaryError, parseCommitment } from "@/lib/engine/canary";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import { act, problemOf } from "../act";

/** Larger than any terms; a secrets file that was chosen by mistake is not even read. */
const mostBytes = 1_000_000;

function jsonOf(text: string, field: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new AppError("invalid-input", { fields: { [field]: "not-a-commitment" } });
}

/** What the commit page sends: public values only. `done` is the set's id. */
export async function registerCommitment(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const { modelId, ...input } = jsonOf(textOf(form, "request"), "form");
    const ctx = serviceContext(await currentViewer());
    const { setId } = await commitSet(ctx, input as CommitSetInput);
    if (typeof modelId === "string") await linkSet(ctx, { setId, modelId });
    return setId;
  });
}

/** The public file of the command line; works without scripts. */
export async function registerPublicFile(_before: FormState, form: FormData): Promise<FormState> {
  let next: string;
  try {
    const file = form.get("commitment");
    if (!(file instanceof File) || file.size === 0)
      throw new AppError("invalid-input", { fields: { commitment: "choose-file" } });
    if (file.size > mostBytes)
      throw new AppError("invalid-input", { fields: { commitment: "not-a-commitment" } });
    const given = publicPart(new Uint8Array(await file.arrayBuffer()));
    const viewer = await currentViewer();
    // Sealed under a key of the author's own: the commitment waits for its signature.
    const ownKey = viewer.userId !== null && given.authorKeyId !== authorKeyIdOf(viewer.userId);
    const { setId } = await commitSet(serviceContext(viewer), { ...given, ownKey });
    next = ownKey ? "sign" : `canaries/${setId}`;
  } catch (error) {
    return problemOf(error, form);
  }
  redirect(`/${localeOf(form)}/${next}`);
}

function publicPart(bytes: Uint8Array): CommitSetInput {
  const refuse = (code: string) => new AppError("invalid-input", { fields: { commitment: code } });
  try {
    const { setId, root, authorKeyId, terms, items, kind } = parseCommitment(bytes);
    return { setId, root, authorKeyId, items, kind, ...(terms === null ? {} : { terms }) };
  } catch (error) {
    if (!(error instanceof CanaryError)) throw error;
    const secret = new TextDecoder().decode(bytes.subarray(0, 100_000)).includes("ciphertext");
    throw refuse(secret ? "is-secret" : "not-a-commitment");
  }
}
