import { exampleReleases } from "../../lib/examples/releases/catalogue";
import { expectAccessible } from "./support/axe";
import { commitPublic } from "./support/canaries";
import { expect, test } from "./support/fixtures";

test("an author registers a release with a committed set of canaries, and takes it back", async ({
  asAuthor: page,
  asPlainReader: reader,
}) => {
  const set = await commitPublic(page, "c3".repeat(32), 24);
  await page.goto("/en/register");
  const address = page.getByLabel("Address of the release");
  const read = page.getByRole("button", { name: "Show what would be recorded" });
  await address.fill("hf:nobody/nothing");
  await read.click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await expect(address).toHaveValue("hf:nobody/nothing");
  await address.fill(`hf:${exampleReleases.credited}`);
  await read.click();

  await expect(page.getByRole("heading", { name: "What will be recorded" })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: "config.json", exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Name of the model").fill("Heron Fine-tune");
  await page.getByLabel("Statement (optional)").fill("Made by us, credited to its base.");
  await page.getByLabel("Canary set (optional)").selectOption(set);
  await page.getByRole("button", { name: "Register this release" }).click();

  await expect(page).toHaveURL(/\/en\/models\/mdl_[0-9a-z]{20}$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Heron Fine-tune");
  // The log may have been faster than the page.
  await expect(page.getByText(/^(Waiting for the log|In the log)/).first()).toBeVisible();
  await expectAccessible(page);

  const path = new URL(page.url()).pathname;
  await reader.goto(path.replace("/en/", "/zh/"));
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("Heron Fine-tune");
  await expect(reader.getByText(/24 题 · 自然题目/)).toBeVisible();
  await reader.goto("/zh/models?q=heron+fine");
  await expect(reader.getByRole("link", { name: "Heron Fine-tune" })).toBeVisible();

  await page.getByRole("link", { name: /Withdraw this registration/ }).click();
  await page.getByLabel("Reason").fill("Registered under the wrong name.");
  await page.getByRole("button", { name: "Withdraw this registration" }).click();
  await expect(page).toHaveURL(new RegExp(`${path}$`));
  await expect(async () => {
    await reader.goto(path);
    await expect(reader.getByText("Registered under the wrong name.")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
});

test("a session that ends in the middle loses nothing, with scripts and without", async ({
  asAuthor: page,
  asPlainReader: plain,
}) => {
  await page.goto(`/en/register?address=hf:${exampleReleases.independent}`);
  await page.getByRole("button", { name: "Show what would be recorded" }).click();
  await page.getByLabel("Statement (optional)").fill("A long and careful text.");
  const preview = page.url();
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Register this release" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("You are not signed in any more");
  await expect(page.getByLabel("Statement (optional)")).toHaveValue("A long and careful text.");

  await plain.goto(preview.replace("/en/", "/zh/"));
  await plain.getByLabel("说明（选填）").fill("一段认真写下的文字。");
  await plain.getByRole("button", { name: "登记此版本" }).click();
  await expect(plain.getByRole("main").getByRole("alert")).toContainText("您的登录已失效");
  await expect(plain.getByLabel("说明（选填）")).toHaveValue("一段认真写下的文字。");
  await expectAccessible(page);
});
