import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { commitPublic } from "./support/canaries";
import { eventually, handInReport, notify, openEarly } from "./support/cases";
import { expect, test } from "./support/fixtures";
import { given } from "./support/peers";
import { type Pair, servePair } from "./support/releases";
import { digestOf, slipmark } from "./support/slipmark";
import { pausedWorker } from "./support/worker";

/** One story, told in order: each test begins where the one before ended. */
test.describe.configure({ mode: "serial", timeout: 120_000 });

const origin = () => given("ORIGIN");
const story = { model: "", caseId: "", publicId: "", evidence: "", run: "", digest: "" };
let pair: Pair;
let partyEmail: string;

test.beforeAll(async () => {
  pair = await servePair("arc");
});

test("an author registers a release with a committed set of canaries", async ({ asAuthor: page }) => {
  const set = await commitPublic(page, createHash("sha256").update(pair.original.name).digest("hex"), 32);
  await page.goto("/en/register");
  await page.getByLabel("Address of the release").fill(pair.original.address);
  await page.getByRole("button", { name: "Show what would be recorded" }).click();
  await expect(page.getByRole("heading", { name: "What will be recorded" })).toBeVisible();
  await expect(page.getByText(pair.original.commit).first()).toBeAttached();
  await page.getByLabel("Name of the model").fill("Heron of the arc");
  await page.getByLabel("Canary set (optional)").selectOption(set);
  await page.getByRole("button", { name: "Register this release" }).click();
  await page.waitForURL(/\/en\/models\/mdl_/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Heron of the arc");
  await expect(page.getByText(/32 items · natural items/)).toBeVisible();
  story.model = new URL(page.url()).pathname.split("/").at(-1) ?? "";
});

test("a reporter reports; a moderator notifies and opens with a public reason", async ({
  asReporter,
  asModerator,
  asReader,
}) => {
  const ids = await handInReport(asReporter, pair, "Seen side by side. See <https://example.org/heron>.");
  Object.assign(story, ids);
  await asReader.goto(`/en/cases/${ids.publicId}`);
  await expect(asReader.getByRole("heading", { level: 1 })).toHaveText("There is no page at this address");

  await asModerator.goto("/en/moderation");
  await asModerator.getByRole("link", { name: new RegExp(`^${ids.publicId}`) }).click();
  await expect(asModerator.getByText("Seen side by side.")).toBeVisible();
  await notify(asModerator, ids.caseId);
  await openEarly(asModerator, ids.caseId);
  await eventually(asReader, `/en/cases/${ids.publicId}`, () =>
    expect(asReader.getByText("evidence at risk, the repository was deleted")).toBeVisible({ timeout: 500 }),
  );
  await asReader.goto(`/zh/cases?q=${encodeURIComponent(pair.suspect.name)}`);
  await expect(asReader.getByRole("link", { name: new RegExp(pair.suspect.name) })).toBeVisible();

  // The story goes on with the same reporter.
  await asReporter.context().storageState({ path: sessionFile("reporter") });
  await asModerator.context().storageState({ path: sessionFile("moderator") });
});

test("another person adds evidence with a link, and replies to it", async ({ asAuthor: page }) => {
  await page.goto(`/en/cases/${story.publicId}/take-part`);
  const form = page.getByRole("region", { name: "Add evidence" });
  await form.getByLabel("Text", { exact: true }).fill("The **shapes** agree: https://example.org/shapes");
  await form.getByLabel("Declared interest").selectOption({ label: "author of the original" });
  await form.getByRole("button", { name: "Add this evidence" }).click();
  await page.waitForURL(/\/en\/evidence\/pst_/);
  story.evidence = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await expect(page.getByText("shapes", { exact: true })).toBeVisible();
  await expect(page.getByText("author of the original")).toBeVisible();
  await expect(page.getByRole("link", { name: "https://example.org/shapes" }).first()).toBeVisible();

  await page.getByRole("link", { name: "Reply", exact: true }).click();
  const reply = page.getByRole("region", { name: "Reply to a text" });
  await reply.getByLabel("Text", { exact: true }).fill("One shape is only known from the index.");
  await reply.getByLabel("Declared interest").selectOption({ label: "none" });
  await reply.getByRole("button", { name: "Add this reply" }).click();
  await page.waitForURL(
    (url) => /\/evidence\/pst_/.test(url.pathname) && !url.pathname.includes(story.evidence),
  );
  await expect(page.getByText("One shape is only known from the index.")).toBeVisible();
});

test("the named party is accepted and replies at equal height", async ({ asParty, browser, asReader }) => {
  await asParty.goto("/en/account");
  partyEmail =
    /[0-9a-z]{20}@people\.example/.exec((await asParty.getByRole("main").textContent()) ?? "")?.[0] ?? "";
  const party = pair.suspect.name.split("/")[0] ?? "";
  const moderator = await again(browser, "moderator");
  await moderator.goto(`/en/moderation/cases/${story.caseId}`);
  const accept = moderator.getByRole("region", { name: `Accept as the voice of ${party}` });
  await accept.getByLabel("Address of the account").fill(partyEmail);
  await accept.getByLabel("a challenge file committed to the repository").check();
  await accept.getByRole("button").click();
  await expect(moderator.getByText(`A voice for ${party} accepted`)).toBeVisible();
  await moderator.context().close();

  await asParty.goto(`/en/cases/${story.publicId}/take-part`);
  const form = asParty.getByRole("region", { name: `Reply as ${party}` });
  await form.getByLabel("Text", { exact: true }).fill("We trained it ourselves and will show the logs.");
  await form.getByRole("button", { name: "Publish this reply" }).click();
  await asParty.waitForURL(/\/en\/evidence\/pst_/);

  const claim = asReader.getByRole("region", { name: "The report" });
  const reply = asReader.getByRole("region", { name: `Reply of ${party}` });
  await eventually(asReader, `/en/cases/${story.publicId}`, () =>
    expect(reply.getByText("We trained it ourselves")).toBeVisible({ timeout: 500 }),
  );
  const [one, other] = [await claim.boundingBox(), await reply.boundingBox()];
  expect(other?.y).toBe(one?.y);
  expect(Math.abs((other?.width ?? 0) - (one?.width ?? 1))).toBeLessThanOrEqual(1);
  const size = (text: string) =>
    asReader
      .getByText(text)
      .first()
      .evaluate((element) => getComputedStyle(element).fontSize);
  expect(await size("We trained it ourselves")).toBe(await size("Seen side by side."));
});

test("the run is live on its page and ends there, with the command line's digest", async ({ browser }) => {
  const page = await again(browser, "reporter");
  await page.goto(`/en/cases/${story.publicId}/take-part`);
  const worker = await pausedWorker();
  try {
    await page.getByRole("button", { name: "Ask for this run" }).click();
    await page.waitForURL(/\/en\/runs\/run_/);
    await expect(page.getByRole("heading", { name: "Waiting for a worker" })).toBeVisible();
    await expect(page.getByRole("progressbar", { name: "Progress of the run" })).toBeVisible();
  } finally {
    worker.resume();
  }
  // Nobody loads the page again: it follows the run by itself.
  await expect(page.getByRole("heading", { name: "What each method says" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Finished", { exact: true }).first()).toBeVisible();
  story.run = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  story.digest = await digestOf(pair.original.address, pair.suspect.address);
  expect(await page.content()).toContain(story.digest);
  await page.context().close();
});

test("a reader without scripts reads all of it in both languages", async ({ asPlainReader: page }) => {
  const names = { en: ["Claims", "Structure and names"], zh: ["主张", "结构与命名"] } as const;
  for (const locale of ["en", "zh"] as const) {
    await eventually(page, `/${locale}/cases/${story.publicId}`, () =>
      expect(page.locator(`a[href="/${locale}/runs/${story.run}"]`).first()).toBeVisible({ timeout: 500 }),
    );
    await expect(page.getByRole("heading", { name: names[locale][0], exact: true })).toBeVisible();
    await expect(page.getByText("We trained it ourselves")).toBeVisible();
    await expect(page.getByText("One shape is only known from the index.")).toBeVisible();
    await page.goto(`/${locale}/runs/${story.run}`);
    await expect(page.getByRole("heading", { name: names[locale][1] })).toBeVisible();
    expect(await page.content()).toContain(story.digest);
    await eventually(page, `/${locale}/models/${story.model}`, () =>
      expect(page.getByRole("link", { name: new RegExp(story.publicId) })).toBeVisible({ timeout: 500 }),
    );
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Heron of the arc");
  }
});

test("the language switch keeps the place", async ({ asReader: page }) => {
  await page.goto(`/en/runs/${story.run}#structure`);
  await page.getByRole("link", { name: "中文" }).click();
  await expect(page).toHaveURL(`${origin()}/zh/runs/${story.run}#structure`);
  await expect(page.getByRole("heading", { name: "结构与命名" })).toBeInViewport();
  await page.goto(`/zh/cases?q=${story.publicId}`);
  await page.getByRole("link", { name: "English" }).click();
  await expect(page).toHaveURL(`${origin()}/en/cases?q=${story.publicId}`);
});

test("JSON and capsule can be had, and a stranger reproduces the run", async ({ asReader: page }) => {
  await page.goto(`/en/runs/${story.run}`);
  const json = page.getByRole("link", { name: "The result as JSON" });
  const answer = await page.request.get(`${origin()}${await json.getAttribute("href")}`);
  expect(answer.headers()["content-type"]).toContain("application/json");
  expect(await answer.json()).toMatchObject({ schema: "slipmark.result/v1", digest: story.digest });

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download the capsule" }).click(),
  ]);
  const bytes = await readFile(await download.path());
  await expect(page.getByText(createHash("sha256").update(bytes).digest("hex"))).toHaveCount(1);

  const again = await slipmark("reproduce", `${origin()}/api/v1/runs/${story.run}/result`);
  expect(again.stderr).toContain(story.digest);
  expect(again.code).toBe(0);
});

const sessionFile = (who: string) => `${given("DATA")}/session-${who}.json`;

async function again(browser: import("@playwright/test").Browser, who: string): Promise<Page> {
  return (await browser.newContext({ baseURL: origin(), storageState: sessionFile(who) })).newPage();
}
