"use server";

import { createHash } from "node:crypto";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { formProblems } from "@/components/forms/form-problems";
import type { FormState } from "@/components/forms/form-state";
import { defaultLocale, isLocale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { env } from "@/lib/platform/env";
import { AppError } from "@/lib/platform/errors";
import { clientAddress } from "@/lib/platform/http/client-address";
import { startCheck } from "@/lib/verification/server";

/** Starts a look-up from the form of the home page or of /check. */
export async function startCheckAction(_: FormState, form: FormData): Promise<FormState> {
  const named = form.get("locale");
  const locale = isLocale(named) ? named : defaultLocale;
  const values = { original: text(form, "original"), suspect: text(form, "suspect") };
  let checkId: string;
  try {
    const missing = Object.entries(values).filter(([, value]) => value === "");
    if (missing.length > 0)
      throw new AppError("invalid-input", {
        fields: Object.fromEntries(missing.map(([field]) => [field, "required"])),
      });
    const ctx = serviceContext(await currentViewer());
    const caller = { address: clientAddress(await headers(), env().SLIPMARK_TRUSTED_PROXIES) };
    ({ checkId } = await startCheck(ctx, { ...values, idempotencyKey: keyOf(values) }, caller));
  } catch (error) {
    return formProblems(error, values, locale);
  }
  redirect(`/${locale}/check/${checkId}`);
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim().slice(0, 500) : "";
}

/** The same pair sent twice within a minute is one look-up: a double click, a reload of the answer. */
function keyOf(values: Readonly<Record<string, string>>): string {
  const minute = Math.floor(Date.now() / 60_000);
  return createHash("sha256")
    .update(JSON.stringify([values.original, values.suspect, minute]))
    .digest("base64url");
}
