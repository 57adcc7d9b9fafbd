"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { localeOf } from "@/components/forms/form-problem";
import { type FormState, typedValues } from "@/components/forms/form-state";
import {
  currentViewer,
  deleteAccount,
  endSession,
  renameAccount,
  sessionCookie,
  unlinkIdentity,
} from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";

const fieldsOf = (form: FormData): Record<string, FormDataEntryValue> => Object.fromEntries(form);

export async function saveName(_before: FormState, form: FormData): Promise<FormState> {
  const t = await getTranslations({ locale: localeOf(form), namespace: "account" });
  const values = typedValues(form);
  try {
    await renameAccount(serviceContext(await currentViewer()), fieldsOf(form));
    return { values, fields: {}, problem: null, done: t("name.saved") };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "sign-in-required") return { values, fields: {}, problem: t("signedOut"), done: null };
    const code = error.fields.name === "name-characters" ? "name-characters" : "name-length";
    return { values, fields: { name: t(`name.${code}`) }, problem: null, done: null };
  }
}

export async function removeAccount(_before: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form);
  const t = await getTranslations({ locale, namespace: "account" });
  try {
    await deleteAccount(serviceContext(await currentViewer()), fieldsOf(form));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const values = typedValues(form);
    if (error.code === "sign-in-required") return { values, fields: {}, problem: t("signedOut"), done: null };
    return { values, fields: { confirm: t("delete.confirm") }, problem: null, done: null };
  }
  (await cookies()).delete(sessionCookie());
  redirect(`/${locale}/sign-in?done=deleted`);
}

export async function closeSession(form: FormData): Promise<void> {
  const viewer = await currentViewer();
  if (viewer.role !== "anonymous") await endSession(serviceContext(viewer), fieldsOf(form));
  redirect(`/${localeOf(form)}/account#sessions`);
}

export async function unlink(form: FormData): Promise<void> {
  const locale = localeOf(form);
  try {
    await unlinkIdentity(serviceContext(await currentViewer()), fieldsOf(form));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    redirect(
      `/${locale}/account?problem=${error.code === "wrong-state" ? "last-way-in" : error.code}#identities`,
    );
  }
  redirect(`/${locale}/account#identities`);
}

/** Ends the session of this device. */
export async function signOut(form: FormData): Promise<void> {
  const jar = await cookies();
  const token = jar.get(sessionCookie())?.value;
  if (token !== undefined) {
    const { db } = serviceContext(await currentViewer());
    await db.session.deleteMany({ where: { sessionToken: token } });
    jar.delete(sessionCookie());
  }
  redirect(`/${localeOf(form)}`);
}
