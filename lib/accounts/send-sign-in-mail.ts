import "server-only";
import { headers } from "next/headers";
import { createTranslator } from "next-intl";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { env } from "@/lib/platform/env";
import { clientAddress } from "@/lib/platform/http/client-address";
import { sendMail } from "@/lib/platform/mail";
import en from "@/messages/en/sign-in.json";
import zh from "@/messages/zh/sign-in.json";
import { maySendTo } from "./sign-in-mail-limits";

/** Whether a sign-in mail may go out for the request that is being answered. */
export async function maySendSignInMail(address: string): Promise<boolean> {
  const caller = clientAddress(await headers(), env().SLIPMARK_TRUSTED_PROXIES);
  return maySendTo(serviceContext(anonymous).db, address, caller);
}

/**
 * Mails the link. It leads to a page with a button, not straight to the session: mail scanners open links,
 * and an opened one-time link is a used one.
 */
export async function sendSignInMail(address: string, callback: string): Promise<void> {
  const link = new URL(callback);
  const target = link.searchParams.get("callbackUrl") ?? "/";
  const locale = new URL(target, link).pathname.startsWith("/zh") ? "zh" : "en";
  const page = new URL(`/${locale}/sign-in/confirm`, link.origin);
  page.search = link.search;
  const t = createTranslator({ locale, messages: locale === "zh" ? zh : en });
  await sendMail({
    to: address,
    subject: t("mail.subject", { host: link.host }),
    text: t("mail.text", { host: link.host, link: page.href }),
  });
}
