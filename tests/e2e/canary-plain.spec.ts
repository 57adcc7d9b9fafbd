import { file, publicFile } from "./support/canaries";
import { expect, signIn, test } from "./support/fixtures";
import { exampleJudgement } from "./support/public-pages";

/** Nothing here runs a script. */
test.describe.configure({ timeout: 90_000 });

test("in Chinese, the public half of a set is handed in, and its secrets are refused; its author's sets are listed", async ({
  asPlainReader: page,
  database,
}) => {
  await signIn(page.context(), database, { name: "Plain canary author", role: "member" });
  await page.goto("/zh/canaries/new");
  await expect(page.getByText(/封存在浏览器中进行，需要启用脚本/)).toBeVisible();
  const chosen = page.getByLabel("承诺的公开文件");
  const send = page.locator("#cli-form").getByRole("button", { name: "登记此承诺" });
  await chosen.setInputFiles(
    file("secrets.json", '{"schema":"slipmark.canary-secrets/v1","ciphertext":"AAAA"}'),
  );
  await send.click();
  await expect(page.getByText("这是秘密文件，本站没有保留。请选择公开文件。").first()).toBeVisible();
  await page.getByLabel("承诺的公开文件").setInputFiles(await publicFile(page, "5d".repeat(32), 40));
  await page.locator("#cli-form").getByRole("button", { name: "登记此承诺" }).click();
  await page.waitForURL(/\/zh\/canaries\/[0-9a-f]{32}$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("封存的 40 题");
  await expect(page.getByText("此集合承诺时没有条款。", { exact: false })).toBeVisible();
  await page.getByRole("link", { name: "Plain canary author 的全部题目集" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Plain canary author 的金丝雀题目集");
  await expect(page.getByText("尚未揭示的有 1 个", { exact: false })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "40 题 · 自然题目" })).toHaveCount(1);
});

test("a judgement reads whole, and its table is filtered by the address", async ({
  asPlainReader: page,
  database,
}) => {
  await page.goto(`/en${await exampleJudgement(database, "Bittern OCR")}`);
  await expect(page.getByRole("heading", { name: "Nothing found" })).toBeVisible();
  await expect(page.getByRole("img", { name: "Same wrong answer, where both were wrong" })).toBeVisible();
  await expect(page.getByRole("img", { name: "The order of the steps" })).toBeVisible();
  await expect(page.getByRole("cell", { name: /^Assumes that the suspect, if unrelated/ })).toBeVisible();
  const table = page.getByRole("group", { name: "Answers, item by item" });
  const all = await table.getByRole("row").count();
  await page.getByLabel("Which items").selectOption("same-wrong");
  await page.getByRole("button", { name: "Show these items" }).click();
  await expect(page).toHaveURL(/show=same-wrong#answers$/);
  await expect(page.getByLabel("Which items")).toHaveValue("same-wrong");
  const picture = table.getByRole("img", { name: /^Image of item U\+/ }).first();
  await expect(picture).toHaveAttribute("src", /^\/api\/v1\/blobs\/sha256\/[0-9a-f]{64}$/);
  const shown = await page.request.get((await picture.getAttribute("src")) ?? "");
  expect((await shown.body()).subarray(1, 4).toString()).toBe("PNG");
  const marks = table.locator("[data-mark=same-wrong]");
  expect(await marks.count()).toBe((await table.getByRole("row").count()) - 1);
  expect(await marks.count()).toBeGreaterThan(0);
  expect(all).toBeGreaterThan(2);
  await page.getByLabel("Words in an item or an answer").fill("no item has these words");
  await page.getByRole("button", { name: "Show these items" }).click();
  await expect(page.getByRole("heading", { name: "No such items" })).toBeVisible();
});
