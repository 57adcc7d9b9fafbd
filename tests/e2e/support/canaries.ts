import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";

export const passphrase = "correct slips, tied with cord";

export interface TextFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export const file = (name: string, text: string): TextFile => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(text),
});

/** Random-label items as an author writes them. */
export function labelItems(count: number): TextFile {
  const options = Array.from({ length: 16 }, (_, option) => `label ${option}`);
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: `slip-${index}`, prompt: `Which seal is on slip ${index}?`, options }),
  );
  return file("items.jsonl", `${lines.join("\n")}\n`);
}

export const answersFile = (answers: readonly { readonly id: string; readonly answer: string }[]): TextFile =>
  file("answers.jsonl", answers.map((one) => `${JSON.stringify(one)}\n`).join(""));

/** Presses a button of the page and gives what it saves. */
export async function saved(
  page: Page,
  button: string,
): Promise<{ readonly name: string; readonly text: string }> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

/** A day after which nothing may be revealed any more. */
export const inThirtyDays = (): string => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

/** Opens the secrets file of a set on its page of reveals. */
export async function openSecrets(page: Page, set: string, secrets: TextFile): Promise<void> {
  await page.goto(`/en/canaries/${set}/reveal`);
  await page.getByLabel("Secrets file").setInputFiles(secrets);
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Open the secrets file" }).click();
  await expect(page.getByText(/^The file opens/)).toBeVisible();
}
