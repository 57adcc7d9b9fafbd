import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { given } from "./support/peers";
import { publicPages } from "./support/public-pages";

const run = promisify(execFile);

test.describe.configure({ timeout: 120_000 });

/** The example ledger is recorded before the tests begin; the log must have taken it in. */
async function logged(page: Page): Promise<number> {
  const status = async () => {
    const answer = await page.request.get("/api/v1/entries?limit=1");
    const { items } = (await answer.json()) as { items: { index: number }[] };
    return items[0]?.index ?? -1;
  };
  await expect.poll(status, { timeout: 60_000 }).toBeGreaterThan(5);
  return status();
}

test("the three commands of the page work as they stand there, with nobody's software but others'", async ({
  asPlainReader: page,
}) => {
  await logged(page);
  await page.goto("/en/log");
  const commands = await page.locator(".commands pre").allTextContents();
  expect(commands).toHaveLength(3);
  const folder = await mkdtemp(join(tmpdir(), "slipmark-commands-"));
  try {
    const printed: string[] = [];
    for (const command of commands) {
      const { stdout, stderr } = await run("sh", ["-c", command], {
        cwd: folder,
        env: { PATH: process.env.PATH ?? "", NODE_ENV: "production" },
      });
      printed.push(stdout + stderr);
    }
    expect(printed[0]).toContain("Signature Verified Successfully");
    const [computed, checkpoint] = (printed[1] ?? "").split("\n");
    expect(checkpoint?.split(/\s+/)[1]).toBe(computed?.split(/\s+/)[1]);
    const [hash, sum] = (printed[2] ?? "").split("\n");
    expect(sum?.split(" ")[0]).toBe(hash);
    expect(printed[2]).toContain("Signature Verified Successfully");
    await page.goto("/zh/log");
    expect(await page.locator(".commands pre").allTextContents()).toHaveLength(3);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("the commands of the page that checks work too", async ({ asPlainReader: page }) => {
  await logged(page);
  await page.goto("/en/log/check");
  const command = await page.locator(".source-lines pre").first().textContent();
  const folder = await mkdtemp(join(tmpdir(), "slipmark-commands-"));
  try {
    const { stdout } = await run("sh", ["-ec", command ?? ""], { cwd: folder });
    expect(stdout).toContain("Every check holds.");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

for (const [locale, words] of Object.entries({
  en: {
    entry: /^Entry \d/,
    good: "Every check holds",
    act: "Check this proof",
    number: "Number of the entry",
    file: "Proof file (bundle.zip)",
    bad: "This proof does not hold",
    reason: "A part of the proof is not in its form, was changed, or is missing.",
    live: "The log as it is now begins with this checkpoint",
  },
  zh: {
    entry: /^条目 \d/,
    good: "各项核查均成立",
    act: "核查此证明",
    number: "条目编号",
    file: "证明文件（bundle.zip）",
    bad: "此证明不成立",
    reason: "证明的某一部分格式不符、已被改动或缺失。",
    live: "日志当前状态以此检查点为开端",
  },
}))
  test(`from a case to its entry, and the entry checked in the browser (${locale})`, async ({
    asReader: page,
    database,
  }) => {
    await logged(page);
    const { case: open = "" } = await publicPages(database);
    await page.goto(`/${locale}${open}`);
    await page.getByRole("link", { name: words.entry }).first().click();
    await expect(page).toHaveURL(new RegExp(`/${locale}/log/entries/\\d+$`));
    const index = Number(/\d+$/.exec(page.url())?.[0]);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.entry);
    await page.locator(`a[href$="/log/check?entry=${index}"]`).click();

    await expect(page.getByLabel(words.number)).toHaveValue(String(index));
    await page.getByRole("button", { name: words.act }).click();
    const result = page.getByRole("heading", { level: 2 }).first();
    await expect(result).toHaveText(words.good);
    await expect(result).toBeFocused();
    // Every step in the reader's words, none by its code; the last is that the log still begins with it.
    const steps = await page.locator(".check-steps > li").allTextContents();
    expect(steps.filter((step) => / · [a-z]+(?![\w ])/.test(step))).toEqual([]);
    expect(steps.at(-1)).toContain(words.live);

    // The file itself, untouched and with one byte changed; nothing is sent anywhere.
    const zip = await (await page.request.get(`/api/v1/entries/${index}/bundle.zip`)).body();
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.method() + request.url()));
    await page
      .getByLabel(words.file)
      .setInputFiles({ name: "bundle.zip", mimeType: "application/zip", buffer: zip });
    await page.getByRole("button", { name: words.act }).click();
    await expect(result).toHaveText(words.good);
    const at = zip.indexOf("slipmark/payload/v1\n") + 70;
    const changed = Buffer.from(zip);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await page
      .getByLabel(words.file)
      .setInputFiles({ name: "bundle.zip", mimeType: "application/zip", buffer: changed });
    await page.getByRole("button", { name: words.act }).click();
    await expect(result).toHaveText(words.bad);
    await expect(page.locator(".check-steps > li").last()).toContainText(words.reason);
    expect(sent.filter((one) => one.startsWith("POST"))).toEqual([]);
  });

test("entries by kind, page after page, without scripts", async ({ asPlainReader: page }) => {
  await logged(page);
  await page.goto("/en/log/entries");
  await page.getByLabel("Kind of entry").selectOption("register");
  await page.getByRole("button", { name: "Show these entries" }).click();
  await expect(page).toHaveURL(/kind=register/);
  const kinds = await page.locator("tbody tr td:nth-child(2)").allTextContents();
  expect(new Set(kinds)).toEqual(new Set(["Registration"]));
  await page.locator("tbody th a").first().click();
  await expect(page.getByRole("heading", { name: "What was stated" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Everything in one zip file" })).toBeVisible();
});

test("the bare addresses of the log and its state lead to the reader's language, machine files stay as they are", async ({
  request,
}) => {
  const origin = given("ORIGIN");
  for (const path of ["/log", "/status"]) {
    const answer = await request.get(origin + path, {
      maxRedirects: 0,
      headers: { "accept-language": "zh-CN" },
    });
    expect(answer.status()).toBe(307);
    expect(answer.headers().location).toMatch(new RegExp(`/zh${path}$`));
  }
  const checkpoint = await request.get(`${origin}/log/checkpoint`, { maxRedirects: 0 });
  expect(checkpoint.status()).toBe(200);
  expect(await checkpoint.text()).toMatch(/^\S+\n\d+\n/);
});
