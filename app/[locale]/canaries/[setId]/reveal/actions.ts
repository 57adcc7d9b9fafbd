"use server";

import { getTranslations } from "next-intl/server";
import { localeOf, ownKeyOf, textOf } from "@/components/forms/form-problem";
import type { FormState } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { linkSet, revealItems } from "@/lib/canaries/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import { act } from "../../act";

/** Takes the chosen openings and nothing else; each is held against the commitment before anything is recorded. */
export async function revealOpenings(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const file = form.get("openings");
    if (!(file instanceof File) || file.size === 0)
      throw new AppError("invalid-input", { fields: { openings: "choose-file" } });
    const ctx = serviceContext(await currentViewer());
    const setId = textOf(form, "setId");
    const { revealed } = await revealItems(ctx, {
      setId,
      openings: new Uint8Array(await file.arrayBuffer()),
      ...ownKeyOf(form),
    });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.reveal" });
    return t(form.get("ownKey") === null ? "recorded" : "recordedSign", { count: revealed });
  });
}

/** Says which registered model the set was trained into. */
export async function linkModel(_before: FormState, form: FormData): Promise<FormState> {
  return act(form, async () => {
    const ctx = serviceContext(await currentViewer());
    await linkSet(ctx, { setId: textOf(form, "setId"), modelId: textOf(form, "modelId") });
    const t = await getTranslations({ locale: localeOf(form), namespace: "canaries.reveal" });
    return t("linked");
  });
}
