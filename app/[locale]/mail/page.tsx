import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Empty } from "@/components/states/states";
import { env, isLoopbackOnly } from "@/lib/platform/env";
import { isLoopbackHost } from "@/lib/platform/http/loopback-host";
import { keptMails, mailSettings } from "@/lib/platform/mail";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("sign-in");
  return { title: t("kept.title"), robots: { index: false } };
}

/**
 * Whoever reads this page can sign in as anybody who asked for a link. So it exists only where the site is reached
 * from its own machine: bound to loopback, no public origin, asked for under a loopback name and by no proxy.
 */
async function isAskedLocally(): Promise<boolean> {
  if (!isLoopbackOnly(env())) return false;
  const asked = await headers();
  if (asked.has("forwarded") || asked.has("via")) return false;
  const peer = asked.get("x-forwarded-for");
  if (peer !== null && !/^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(peer.trim())) return false;
  return isLoopbackHost((asked.get("host") ?? "").replace(/:\d+$/, ""));
}

export default async function KeptMails() {
  const settings = mailSettings();
  if (settings.smtpUrl !== null || !(await isAskedLocally())) notFound();
  const t = await getTranslations("sign-in");
  const mails = await keptMails(settings.folder);
  return (
    <div className="stack stack-wide">
      <header className="page-head">
        <h1>{t("kept.title")}</h1>
        <p className="measure">{t("kept.lead")}</p>
      </header>
      {mails.length === 0 ? <Empty title={t("kept.title")}>{t("kept.empty")}</Empty> : null}
      {mails.map((mail) => (
        <article key={mail.name} className="stack stack-tight">
          <h2>{mail.subject}</h2>
          <dl className="facts">
            <dt>{t("kept.to")}</dt>
            <dd>{mail.to}</dd>
            <dt>{t("kept.sent")}</dt>
            <dd>{mail.date}</dd>
          </dl>
          <pre>{mail.text}</pre>
          {mail.link ? <a href={mail.link}>{t("kept.open")}</a> : null}
        </article>
      ))}
    </div>
  );
}
