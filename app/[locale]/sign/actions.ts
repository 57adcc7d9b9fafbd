"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { localeOf } from "@/components/forms/form-problem";
import { type FormState, typedValues } from "@/components/forms/form-state";
import { currentViewer } from "@/lib/accounts/server";
import { signHeldAct } from "@/lib/ledger/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";

/** Adds the author's signature to what waits for it, or, with the button "leave", lets the site sign. */
export async function sign(_before: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form);
  const text = (name: string) => String(form.get(name) ?? "");
  try {
    const ctx = serviceContext(await currentViewer());
    const given =
      form.get("leave") === null ? { publicKey: text("publicKey"), signature: text("signature") } : null;
    await signHeldAct(ctx, text("id"), given);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [errors, t] = await Promise.all([
      getTranslations({ locale, namespace: "errors" }),
      getTranslations({ locale, namespace: "registry.sign" }),
    ]);
    const fields = Object.fromEntries(
      Object.entries(error.fields).map(([name, code]) => [name, t(`fields.${code}` as "fields.not-a-key")]),
    );
    const { index } = error.detail;
    const problem =
      error.code === "already-done" && typeof index === "number"
        ? t("logged", { index })
        : error.code === "not-found"
          ? t("gone")
          : errors(error.code);
    return {
      values: typedValues(form),
      fields,
      problem: Object.keys(fields).length > 0 ? null : problem,
      done: null,
    };
  }
  redirect(`/${locale}/sign`);
}
