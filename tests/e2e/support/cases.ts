import { expect, type Page } from "@playwright/test";
import type { Client } from "pg";
import type { Pair } from "./releases";

/** Fills the report form of a pair. Everything is sent by `capture`. */
export async function fillReport(page: Page, { original, suspect }: Pair, statement: string): Promise<void> {
  await page.goto("/en/report");
  await page.getByLabel("Original", { exact: true }).fill(original.address);
  await page.getByLabel("Suspect release", { exact: true }).fill(suspect.address);
  await page.getByRole("checkbox", { name: "Same structure" }).check();
  await page.getByLabel("Same structure: What you saw").fill("Equal shapes under other prefixes.");
  await page.getByRole("checkbox", { name: "Same tokenizer" }).check();
  await page.getByLabel("Same tokenizer: What you saw").fill("The vocabularies agree, id by id.");
  await page.getByLabel("Statement", { exact: true }).fill(statement);
  await page.getByLabel("Declared interest").selectOption({ label: "none" });
}

export const capture = (page: Page) =>
  page.getByRole("button", { name: "Capture both sides and draft the report" });

/** From the filled form to a report that waits for review; gives its draft's and its public id. */
export async function handInReport(
  page: Page,
  pair: Pair,
  statement = "What I saw stands in the claims.",
): Promise<{ caseId: string; publicId: string }> {
  await fillReport(page, pair, statement);
  await capture(page).click();
  await page.waitForURL(/\/en\/report\/cse_/);
  await page.getByRole("button", { name: "Hand in this report" }).click();
  const notice = page.getByRole("heading", { name: /Handed in as/ });
  await expect(notice).toBeVisible();
  const publicId = /[A-Z]+-\d{4}-\d{4,}/.exec((await notice.textContent()) ?? "")?.[0] ?? "";
  return { caseId: new URL(page.url()).pathname.split("/").at(-1) ?? "", publicId };
}

export async function notify(moderator: Page, caseId: string): Promise<void> {
  await moderator.goto(`/en/moderation/cases/${caseId}`);
  await moderator.getByRole("button", { name: "Notify the named party and start the reply clock" }).click();
  await expect(moderator.getByText("Notified: reply clock running").first()).toBeVisible();
}

/** Opens a notified case before its clock has run out, with the public reason that the repository was deleted. */
export async function openEarly(moderator: Page, caseId: string): Promise<void> {
  await moderator.goto(`/en/moderation/cases/${caseId}`);
  const form = moderator.locator("#form-open-early");
  await form.getByLabel("The repository was deleted").check();
  await form.getByRole("button", { name: "Open at once: evidence at risk" }).click();
  await expect(moderator.getByText("evidence at risk, the repository was deleted")).toBeVisible();
}

/** A case that is open to everyone. */
export async function openCase(
  reporter: Page,
  moderator: Page,
  pair: Pair,
): Promise<{ caseId: string; publicId: string }> {
  const ids = await handInReport(reporter, pair);
  await notify(moderator, ids.caseId);
  await openEarly(moderator, ids.caseId);
  return ids;
}

/** Public pages are made anew within seconds of a change: looks again until it is there. */
export async function eventually(page: Page, address: string, look: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.goto(address);
    await look();
  }).toPass({ timeout: 20_000 });
}

/** The cases that name the suspect release of a pair, drafts included. */
export const casesOf = async (database: Client, pair: Pair) =>
  (
    await database.query<{ id: string; public_id: string | null }>(
      `SELECT DISTINCT "case".id, public_id FROM "case" JOIN case_release ON case_id = "case".id
       JOIN release ON release.id = release_id WHERE repository = $1 AND case_release.role = 'suspect'`,
      [pair.suspect.name],
    )
  ).rows;
