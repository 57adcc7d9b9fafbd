import type { Page } from "@playwright/test";
import { violationsOf } from "./support/axe";
import { handInReport, notify } from "./support/cases";
import { expect, test } from "./support/fixtures";
import { publicPages } from "./support/public-pages";
import { servePair } from "./support/releases";

const locales = ["en", "zh"] as const;

test.describe.configure({ mode: "parallel", timeout: 240_000 });

type Locale = (typeof locales)[number];

/**
 * Looks at each address; all violations of all pages are told at once. Colours do not depend on the language: they are
 * looked at in English, light and dark.
 */
async function lookAt(page: Page, locale: Locale, pages: Readonly<Record<string, string>>): Promise<void> {
  const found: string[] = [];
  for (const [name, path] of Object.entries(pages)) {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`/${locale}${path}`);
    const light = await violationsOf(page, locale === "en" ? "all" : "others");
    found.push(...light.map((violation) => `${name} (light): ${violation}`));
    if (locale !== "en") continue;
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await violationsOf(page, "colours");
    found.push(...dark.map((violation) => `${name} (dark): ${violation}`));
  }
  expect(found).toEqual([]);
}

for (const locale of locales) {
  test(`public pages (${locale})`, async ({ asReader: page, database }) => {
    await lookAt(page, locale, await publicPages(database));
  });

  test(`pages of the signed-in: account, forms, draft, take part, moderation (${locale})`, async ({
    asReporter,
    asModerator,
    database,
  }) => {
    const { caseId, publicId } = await handInReport(asReporter, await servePair("axe"));
    await lookAt(asReporter, locale, { draft: `/report/${caseId}` });
    await notify(asModerator, caseId);
    const { run = "", case: open = "", "canary set": set = "" } = await publicPages(database);
    await lookAt(asReporter, locale, {
      account: "/account",
      register: "/register",
      report: "/report",
      "take part": `/cases/${publicId}/take-part`,
      "notified case": `/cases/${publicId}`,
      "manage a run": `${run}/manage`,
      "commit canaries": "/canaries/new",
      "answers to canaries": `${set}/answers`,
      "reveal, refused": `${set}/reveal`,
      "moderation, refused": "/moderation",
    });
    await lookAt(asModerator, locale, {
      moderation: "/moderation",
      redactions: "/moderation/redactions?entry=0",
      recalls: "/moderation/recalls",
      "moderate a notified case": `/moderation/cases/${caseId}`,
      "take part as a moderator": `${open}/take-part`,
    });
  });
}

test("forms that were refused", async ({ asReporter: page }) => {
  const found: string[] = [];
  for (const [path, button] of [
    ["/en/check", "Compare these two releases"],
    ["/zh/report", "留存双方快照并起草报告"],
  ] as const) {
    await page.goto(path);
    await page.getByRole("button", { name: button }).click();
    await expect(page.getByRole("alert").first()).toBeVisible();
    found.push(...(await violationsOf(page)).map((violation) => `${path}: ${violation}`));
  }
  expect(found).toEqual([]);
});

test("by keyboard: the skip link comes first and leads to the text", async ({ asReader: page }) => {
  await page.goto("/en/methods");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the text" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#content$/);
  await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => document.activeElement?.closest("#content") !== null);
  expect(inside).toBe(true);
});

test("by keyboard: the check form from field to field, to what stands in the way, and back", async ({
  asReader: page,
}) => {
  await page.goto("/en/check");
  await page.getByLabel("Original").focus();
  await page.keyboard.type("nonsense");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("The release to put beside it")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Compare these two releases" })).toBeFocused();
  await page.keyboard.press("Enter");
  const summary = page.getByRole("alert").filter({ hasText: "This could not be started" });
  await expect(summary).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#suspect$/);
  await expect(page.getByLabel("The release to put beside it")).toBeFocused();
  await expect(page.getByLabel("Original")).toHaveValue("nonsense");
});
