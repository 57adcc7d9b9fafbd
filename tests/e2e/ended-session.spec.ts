import type { Page } from "@playwright/test";
import type { Client } from "pg";
import { capture, fillReport } from "./support/cases";
import { expect, test } from "./support/fixtures";
import { servePair } from "./support/releases";

test.describe.configure({ timeout: 90_000 });

/** Ends the session behind the browser's back, as an expiry or "sign out everywhere" does. */
async function endSession(page: Page, database: Client): Promise<void> {
  const cookie = (await page.context().cookies()).find(({ name }) => name.endsWith("session-token"));
  await database.query("DELETE FROM session WHERE session_token = $1", [cookie?.value]);
}

test.describe("the session ends in the middle of", () => {
  for (const scripts of [true, false]) {
    test(`the report form ${scripts ? "" : "without scripts"}`, async ({
      asReporter,
      asPlainReader,
      database,
    }) => {
      const pair = await servePair("ended");
      let page = asReporter;
      if (!scripts) {
        await asPlainReader.context().addCookies(await asReporter.context().cookies());
        page = asPlainReader;
      }
      await fillReport(page, pair, "Five hundred careful words.");
      await page.getByLabel("Declared interest").selectOption({ label: "competitor of a side" });
      await endSession(page, database);
      await capture(page).click();
      await expect(page.getByRole("alert").filter({ hasText: "You are not signed in." })).toBeVisible();
      await expect(page.getByRole("link", { name: /^Sign in in a new window/ })).toHaveAttribute(
        "href",
        /\/en\/sign-in\?next=/,
      );
      await expect(page.getByLabel("Original", { exact: true })).toHaveValue(pair.original.address);
      await expect(page.getByLabel("Statement", { exact: true })).toHaveValue("Five hundred careful words.");
      await expect(page.getByLabel("Same tokenizer: What you saw")).toHaveValue(
        "The vocabularies agree, id by id.",
      );
      await expect(page.getByLabel("Declared interest")).toHaveValue("competitor");
      await expect(page.getByRole("checkbox", { name: "Same structure" })).toBeChecked();
    });

    test(`the evidence form ${scripts ? "" : "without scripts"}`, async ({
      asReporter,
      asPlainReader,
      database,
    }) => {
      const { rows } = await database.query(
        `SELECT public_id FROM "case" WHERE state = 'resolved' AND example LIMIT 1`,
      );
      let page = asReporter;
      if (!scripts) {
        await asPlainReader.context().addCookies(await asReporter.context().cookies());
        page = asPlainReader;
      }
      await page.goto(`/zh/cases/${rows[0].public_id}/take-part`);
      await page.locator("#evidence-form").getByLabel("正文").fill("一段写了很久的证据。");
      await endSession(page, database);
      await page.locator("#evidence-form").getByRole("button").click();
      await expect(page.getByRole("alert").filter({ hasText: "您尚未登录" })).toBeVisible();
      await expect(page.locator("#evidence-form").getByRole("link", { name: /登录/ })).toBeVisible();
      await expect(page.locator("#evidence-form").getByLabel("正文")).toHaveValue("一段写了很久的证据。");
    });
  }

  test("the edit of a text, without scripts", async ({ asReporter, asPlainReader: page, database }) => {
    const { rows } = await database.query(
      `SELECT public_id FROM "case" WHERE state = 'resolved' AND example AND NOT documented LIMIT 1`,
    );
    await asReporter.goto(`/en/cases/${rows[0].public_id}/take-part`);
    const form = asReporter.locator("#evidence-form");
    await form.getByLabel("Text", { exact: true }).fill("A first version.");
    await form.getByLabel("Declared interest").selectOption({ label: "none" });
    await form.getByRole("button").click();
    await asReporter.waitForURL(/#pst_|\/evidence\/pst_/);
    const post = /pst_\w+/.exec(asReporter.url())?.[0];
    await page.context().addCookies(await asReporter.context().cookies());
    await page.goto(`/en/evidence/${post}/edit`);
    await page.getByLabel("Text", { exact: true }).fill("A second version, long thought about.");
    await endSession(page, database);
    await page.getByRole("button", { name: /Save|correction/ }).click();
    await expect(page.getByRole("alert").filter({ hasText: "You are not signed in." })).toBeVisible();
    await expect(page.getByLabel("Text", { exact: true })).toHaveValue(
      "A second version, long thought about.",
    );
  });

  test("a party's reply, without scripts", async ({ asParty, asPlainReader: page, database }) => {
    const cookies = await asParty.context().cookies();
    const token = cookies.find(({ name }) => name.endsWith("session-token"))?.value;
    const { rows } = await database.query(
      `SELECT id, public_id FROM "case" WHERE state = 'resolved' AND example AND NOT documented LIMIT 1`,
    );
    await database.query(
      `INSERT INTO case_party (id, case_id, side, name, user_id, basis, accepted_at)
       SELECT 'pty_ended', $1, 'suspect', 'ended-session', user_id, 'challenge-file', now()
       FROM session WHERE session_token = $2`,
      [rows[0].id, token],
    );
    try {
      await page.context().addCookies(cookies);
      await page.goto(`/en/cases/${rows[0].public_id}/take-part`);
      const form = page.getByRole("region", { name: "Reply as ended-session" });
      await form.getByLabel("Text", { exact: true }).fill("Our side of it, in our own words.");
      await endSession(page, database);
      await form.getByRole("button").click();
      await expect(page.getByRole("alert").filter({ hasText: "You are not signed in." })).toBeVisible();
      await expect(form.getByLabel("Text", { exact: true })).toHaveValue("Our side of it, in our own words.");
    } finally {
      await database.query(`DELETE FROM case_party WHERE id = 'pty_ended'`);
    }
  });
});
