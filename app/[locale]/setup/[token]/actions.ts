"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { localeOf } from "@/components/forms/form-problem";
import { type FormState, typedValues } from "@/components/forms/form-state";
import { redeemSetupLink, sessionCookie } from "@/lib/accounts/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";

export async function becomeAdministrator(_before: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form);
  const values = typedValues(form);
  try {
    const session = await redeemSetupLink(
      serviceContext(anonymous),
      String(form.get("token") ?? ""),
      Object.fromEntries(form),
    );
    (await cookies()).set(sessionCookie(), session.sessionToken, {
      httpOnly: true,
      sameSite: "lax",
      path: "/",
      secure: sessionCookie().startsWith("__Secure-"),
      expires: session.expires,
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const t = await getTranslations({ locale, namespace: "account" });
    const signIn = await getTranslations({ locale, namespace: "sign-in" });
    if (error.code === "already-done")
      return { values, fields: {}, problem: signIn("setup.used"), done: null };
    const fields: Record<string, string> = {};
    if (error.fields.name)
      fields.name = t(error.fields.name === "name-characters" ? "name.name-characters" : "name.name-length");
    if (error.fields.email) fields.email = signIn("email.invalid");
    return { values, fields, problem: null, done: null };
  }
  redirect(`/${locale}/account`);
}
