import { exampleReleases } from "../../lib/examples/releases/catalogue";
import { capture, eventually, fillReport } from "./support/cases";
import { expect, signIn, test } from "./support/fixtures";
import { publicPages } from "./support/public-pages";
import { servePair } from "./support/releases";

/** Nothing here runs a script: `asPlainReader`'s browser has them switched off. */
test.describe.configure({ timeout: 90_000 });

const tags = { en: "en", zh: "zh-Hans" } as const;

test("every public page has its words, its heading and its language", async ({
  asPlainReader: page,
  database,
}) => {
  for (const [name, path] of Object.entries(await publicPages(database))) {
    for (const locale of ["en", "zh"] as const) {
      const answer = await page.goto(`/${locale}${path}`);
      expect(answer?.status(), `${name} (${locale})`).toBe(200);
      await expect(page.locator("html")).toHaveAttribute("lang", tags[locale]);
      await expect(page.getByRole("heading", { level: 1 }), `${name} (${locale})`).toBeVisible();
      const text = (await page.getByRole("main").textContent()) ?? "";
      expect(text.length, `${name} (${locale})`).toBeGreaterThan(80);
    }
  }
});

test("links from page to page work by plain addresses", async ({ asPlainReader: page }) => {
  await page.goto("/en");
  await page.getByRole("link", { name: "All cases" }).click();
  await page.getByLabel("Words, a release or a case number").fill("osprey-vision");
  await page.getByRole("button", { name: "Show these cases" }).click();
  await page
    .getByRole("link", { name: /osprey-vision/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/en\/cases\/[A-Z]+-\d{4}-\d{4}$/);
  await page.getByRole("link", { name: /^Run / }).first().click();
  await expect(page).toHaveURL(/\/en\/runs\/run_/);
  await page.getByRole("link", { name: "中文" }).click();
  await expect(page).toHaveURL(/\/zh\/runs\/run_/);
  await expect(
    page.getByRole("heading", { name: "更名对照" }).or(page.getByText("以表格显示")),
  ).toBeVisible();
});

test("on paper a run stands open and whole, without the site's controls", async ({ asPlainReader: page }) => {
  await page.goto("/en/cases?q=osprey-vision");
  await page
    .getByRole("link", { name: /osprey-vision/ })
    .first()
    .click();
  await page.getByRole("link", { name: /^Run / }).first().click();
  const folded = page
    .getByRole("heading", { name: "Inputs" })
    .locator("xpath=ancestor::section[1]")
    .getByRole("table");
  await expect(folded.first()).toBeHidden();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(folded.first()).toBeVisible();
  await expect(page.getByRole("navigation").first()).toBeHidden();
  await expect(page.locator("html")).toHaveCSS("background-color", "rgb(255, 255, 255)");
  // Every details opened by the sheet, none by a reader: hashes and file lists are on paper whole.
  await expect(page.locator("details[open]")).toHaveCount(0);
});

test("unknown addresses are 404 in the reader's language", async ({ asPlainReader: page }) => {
  const titles = { en: "There is no page at this address", zh: "此地址没有页面" } as const;
  for (const locale of ["en", "zh"] as const) {
    for (const path of [
      "/nothing",
      "/cases/SLP-1999-0001",
      `/models/mdl_${"0".repeat(20)}`,
      `/runs/run_${"0".repeat(20)}`,
      `/evidence/pst_${"0".repeat(20)}`,
      `/check/chk_${"0".repeat(20)}`,
      "/methods/nothing",
      "/cases/%00",
    ]) {
      const answer = await page.goto(`/${locale}${path}`);
      expect(answer?.status(), `/${locale}${path}`).toBe(404);
      await expect(page.locator("html")).toHaveAttribute("lang", tags[locale]);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(titles[locale]);
    }
  }
});

test("a look-up is posted and its result read by loading again", async ({ asPlainReader: page }) => {
  await page.goto("/zh/check");
  await page.getByLabel("原版本").fill("不是地址");
  await page.getByRole("button", { name: "比对这两个发布版本" }).click();
  await expect(page.getByText("未能开始")).toBeVisible();
  await expect(page.getByLabel("原版本")).toHaveValue("不是地址");
  await page.getByLabel("原版本").fill(`hf:${exampleReleases.original}`);
  await page.getByLabel("与之比对的发布版本").fill(`hf:${exampleReleases.independent}`);
  await page.getByRole("button", { name: "比对这两个发布版本" }).click();
  await page.waitForURL(/\/zh\/check\/chk_/);
  await expect(page.getByText("这是一次查询，不是案例")).toBeVisible();
  await eventually(page, page.url(), () =>
    expect(page.getByRole("heading", { name: "各方法的说明" })).toBeVisible({ timeout: 500 }),
  );
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute("content", /noindex/);
});

test("the report form goes all the way", async ({ asPlainReader: page, database }) => {
  await signIn(page.context(), database, { name: "Plain reporter", role: "member" });
  const pair = await servePair("plain");
  await fillReport(page, pair, "Written without a script.");
  await page.getByLabel("Same structure: What you saw").fill("");
  await capture(page).click();
  await expect(page.getByRole("alert")).toContainText("This is needed.");
  await expect(page.getByLabel("Statement", { exact: true })).toHaveValue("Written without a script.");
  await expect(page.getByRole("checkbox", { name: "Same tokenizer" })).toBeChecked();
  await page.getByLabel("Same structure: What you saw").fill("Equal shapes.");
  await capture(page).click();
  await page.waitForURL(/\/en\/report\/cse_/);
  await page.getByRole("button", { name: "Hand in this report" }).click();
  await expect(page.getByRole("heading", { name: /Handed in as/ })).toBeVisible();
});

test("the register form goes all the way", async ({ asPlainReader: page, database }) => {
  await signIn(page.context(), database, { name: "Plain author", role: "member" });
  const { original } = await servePair("plain");
  await page.goto("/zh/register");
  await page.getByLabel("发布版本的地址").fill(original.address);
  await page.getByRole("button", { name: "查看将要记录的内容" }).click();
  await page.waitForURL(/\/zh\/register\?release=/);
  await page.getByRole("button", { name: "登记此版本" }).click();
  await page.waitForURL(/\/zh\/models\/mdl_/);
  await expect(page.getByText(original.commit).first()).toBeAttached();
});
