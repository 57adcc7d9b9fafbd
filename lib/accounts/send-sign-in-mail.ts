import "server-only";
import { createTranslator } from "next-intl";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import { sendMail } from "@/lib/platform/mail";
import { consume } from "@/lib/platform/rate-limit";
import en from "@/messages/en/sign-in.json";
import zh from "@/messages/zh/sign-in.json";

/** Five sign-in mails an hour to one address, so that nobody's mailbox is flooded from here. */
export async function maySendSignInMail(address: string): Promise<boolean> {
  const { db } = serviceContext(anonymous);
  try {
    await consume(db, { name: "sign-in-mail", key: address.toLowerCase(), points: 5, seconds: 3600 });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "too-many-requests") return false;
    throw error;
  }
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
