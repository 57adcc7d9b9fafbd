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
  const { message: bytes } = await createTransport({ streamTransport: true, buffer: true }).sendMail(message);
  await mkdir(settings.folder, { recursive: true, mode: 0o700 });
  const name = `${new Date().toISOString().replaceAll(":", "-")}-${process.pid}`;
  const path = join(settings.folder, `${name}.eml`);
  await writeFile(`${path}.part`, bytes as Buffer, { mode: 0o600 });
  await rename(`${path}.part`, path);
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

/** The kept messages, newest first, as raw text. */
export async function keptMails(
  folder: string,
  most = 20,
): Promise<readonly { name: string; raw: string }[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const newest = names
    .filter((name) => name.endsWith(".eml"))
    .sort()
    .reverse()
    .slice(0, most);
  return Promise.all(newest.map(async (name) => ({ name, raw: await readFile(join(folder, name), "utf8") })));
}
