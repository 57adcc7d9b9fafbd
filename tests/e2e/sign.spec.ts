import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { exampleReleases } from "../../lib/examples/releases/catalogue";
import { expectAccessible } from "./support/axe";
import { expect, test } from "./support/fixtures";

test("an author signs a registration with a key made in the browser; the entry names an author's key", async ({
  asAuthor: page,
  database,
}) => {
  await page.goto(`/en/register?address=hf:${exampleReleases.credited}`);
  await page.getByRole("button", { name: "Show what would be recorded" }).click();
  await page.getByLabel("Name of the model").fill("Signed by its author");
  await page.getByLabel(/I sign this with a key of my own/).check();
  await page.getByRole("button", { name: "Register this release" }).click();
  await expect(page).toHaveURL(/\/en\/sign$/);
  await expect(page.getByRole("heading", { name: "Registration" })).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Make a key and sign" }).click();
  const pem = await readFile(await (await download).path(), "utf8");
  expect(pem).toContain("BEGIN PRIVATE KEY");
  await expect(page.getByLabel("Public key")).toHaveValue(/^[0-9a-f]{64}$/);
  await page.getByRole("button", { name: "Add this signature" }).click();
  await expect(page.getByText("Nothing waits for your signature.")).toBeVisible();

  const entry = async () =>
    (
      await database.query<{ index: string }>(
        `SELECT e.index::text FROM log_entry e JOIN model m ON e.about = 'model:' || m.id
         WHERE m.name = 'Signed by its author' AND e.kind = 'register'`,
      )
    ).rows[0]?.index;
  await expect.poll(entry, { timeout: 15_000 }).toBeDefined();
  await page.goto(`/en/log/entries/${await entry()}`);
  await expect(page.getByRole("main")).toContainText("author");
});

test("without scripts, in Chinese: a wrong signature is refused with its reason, and the site may sign instead", async ({
  browser,
  asParty: page,
  contextOptions,
}) => {
  const plain = await browser.newContext({ ...contextOptions, javaScriptEnabled: false });
  try {
    await page.goto(`/zh/register?address=hf:${exampleReleases.independent}`);
    await page.getByRole("button", { name: "查看将要记录的内容" }).click();
    await page.getByLabel(/我将在下一步用自己的密钥/).check();
    await page.getByRole("button", { name: "登记此版本" }).click();
    await expect(page).toHaveURL(/\/zh\/sign$/);
    await expectAccessible(page);
    await plain.addCookies(await page.context().cookies());
    const reader = await plain.newPage();
    await reader.goto(page.url());
    const { publicKey } = generateKeyPairSync("ed25519");
    const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
    await reader.getByLabel("公钥").fill(key);
    await reader.getByLabel("签名", { exact: true }).fill(Buffer.alloc(64, 7).toString("base64"));
    await reader.getByRole("button", { name: "加上此签名" }).click();
    await expect(reader.getByText("该签名并非由此密钥对这些字节作出。")).toBeVisible();
    await reader.getByRole("button", { name: "由本站签名" }).click();
    await expect(reader.getByText("没有等候您签名的内容。")).toBeVisible();
  } finally {
    await plain.close();
  }
});
