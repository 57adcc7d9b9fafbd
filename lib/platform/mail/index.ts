import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { env } from "@/lib/platform/env";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailSettings {
  readonly smtpUrl: string | null;
  readonly from: string;
  /** Where messages land when there is no SMTP server. */
  readonly folder: string;
}

/** Sends a message by SMTP, or keeps it as an .eml file where no server is configured. */
export async function deliver(settings: MailSettings, mail: Mail): Promise<void> {
  const message = { from: settings.from, ...mail };
  if (settings.smtpUrl !== null) {
    await createTransport(settings.smtpUrl).sendMail(message);
    return;
  }
  await mkdir(settings.folder, { recursive: true, mode: 0o700 });
  const date = new Date().toISOString();
  const path = join(settings.folder, `${date.replaceAll(":", "-")}-${randomBytes(4).toString("hex")}`);
  const { message: bytes } = await createTransport({ streamTransport: true, buffer: true }).sendMail(message);
  // The message as it would have been sent, and beside it what the page shows, so that nothing needs to parse mail.
  await writeFile(`${path}.eml`, bytes as Buffer, { mode: 0o600 });
  const shown = JSON.stringify({ to: mail.to, subject: mail.subject, text: mail.text, date });
  await writeFile(`${path}.part`, shown, { mode: 0o600 });
  await rename(`${path}.part`, `${path}.json`);
}

export function mailSettings(): MailSettings {
  const settings = env();
  return {
    smtpUrl: settings.SMTP_URL ?? null,
    from: settings.MAIL_FROM,
    folder: join(settings.SLIPMARK_DATA, "mail"),
  };
}

export async function sendMail(mail: Mail): Promise<void> {
  await deliver(mailSettings(), mail);
}

export interface KeptMail {
  readonly name: string;
  readonly to: string;
  readonly subject: string;
  readonly date: string;
  readonly text: string;
  /** The first address in the text. */
  readonly link: string | null;
}

/** The kept messages, newest first. */
export async function keptMails(folder: string, most = 20): Promise<readonly KeptMail[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const newest = names
    .filter((name) => name.endsWith(".json"))
    .sort()
    .reverse()
    .slice(0, most);
  return Promise.all(
    newest.map(async (name) => {
      const mail = JSON.parse(await readFile(join(folder, name), "utf8")) as Omit<KeptMail, "name" | "link">;
      return { ...mail, name, link: /https?:\/\/\S+/.exec(mail.text)?.[0] ?? null };
    }),
  );
}
