import { fingerprintText } from "../../lib/engine/fingerprint/document";
import { makeLightFingerprint } from "../../lib/engine/fingerprint/make-light";
import { memoryRelease } from "../support/memory-release";
import { smallWeights } from "../support/small-weights";
import { expectAccessible } from "./support/axe";
import { eventually } from "./support/cases";
import { expect, signIn, test } from "./support/fixtures";
import { servePair } from "./support/releases";

test.describe.configure({ timeout: 120_000 });

/** A fingerprint as somebody makes it on a machine of their own, from a folder. */
async function ownFingerprint(): Promise<{ readonly text: string; readonly digest: string }> {
  const document = await makeLightFingerprint(memoryRelease([]), smallWeights("own", { layers: 1 }));
  return { text: fingerprintText(document), digest: document.digest };
}
const file = (name: string, text: string) => ({
  name,
  mimeType: "application/json",
  buffer: Buffer.from(text),
});

test("without scripts, in Chinese: a fingerprint comes with a registration, and is shown as the author's", async ({
  asPlainReader: page,
  database,
}) => {
  await signIn(page.context(), database, { name: "Plain fingerprinter", role: "member" });
  const { original } = await servePair("plain-weights");
  const own = await ownFingerprint();
  await page.goto("/zh/register");
  await page.getByLabel("发布版本的地址").fill(original.address);
  await page.getByRole("button", { name: "查看将要记录的内容" }).click();
  await page.waitForURL(/\/zh\/register\?release=/);
  const field = page.getByLabel("权重指纹（选填）");
  const send = page.getByRole("button", { name: "登记此版本" });
  await page.getByLabel("说明（选填）").fill("由我们训练。");
  await field.setInputFiles(file("altered.json", own.text.replace("F32", "F16")));
  await send.click();
  await expect(page.getByText("文件已被改动：其摘要与内容不符。").first()).toBeVisible();
  await expect(page.getByLabel("说明（选填）")).toHaveValue("由我们训练。");
  await field.setInputFiles(file("own.json", own.text));
  await send.click();
  await page.waitForURL(/\/zh\/models\/mdl_/);
  await expect(page.getByText("在作者自己的机器上生成，由登记者提交")).toBeVisible();
  await expect(page.getByText(/不支持任何公开主张/)).toBeVisible();
  const address = new URL(page.url()).pathname;
  await page.goto(address.replace("/zh/", "/en/"));
  await expect(page.getByText(/on the author’s machine, handed in by the registrant/)).toBeVisible();

  await page.goto(`${address.replace("/zh/", "/en/")}/weights`);
  await page.getByLabel("Fingerprint file").setInputFiles(file("nothing.json", "{}"));
  await page.getByRole("button", { name: "Hand it in" }).click();
  await expect(page.getByText("This is not a Slipmark fingerprint.").first()).toBeVisible();
  await page.getByLabel("Fingerprint file").setInputFiles(file("own.json", own.text));
  await page.getByRole("button", { name: "Hand it in" }).click();
  await expect(page.getByText("This very fingerprint stands already.")).toBeVisible();
});

test("the registrant adds a checkpoint and sees what the worker computed; others are told that they cannot", async ({
  asAuthor: page,
  asPlainReader: reader,
}) => {
  const { original, suspect } = await servePair("weights");
  await page.goto(`/en/register?address=${encodeURIComponent(original.address)}`);
  await page.getByRole("button", { name: "Show what would be recorded" }).click();
  await page.getByRole("button", { name: "Register this release" }).click();
  await expect(page).toHaveURL(/\/en\/models\/mdl_[0-9a-z]{20}$/);
  const path = new URL(page.url()).pathname;
  await expectAccessible(page);
  await page.getByRole("link", { name: /Add a fingerprint of the weights/ }).click();
  await expectAccessible(page);
  await page.getByLabel("Address of the checkpoint").fill(suspect.address);
  await page.getByRole("button", { name: "Register this checkpoint" }).click();
  await expect(page.getByText("Choose one.").first()).toBeVisible();
  await expect(page.getByLabel("Address of the checkpoint")).toHaveValue(suspect.address);
  await page.getByLabel("the checkpoint of this step:").check();
  await page.getByLabel(/^Step/).fill("1200");
  await page.getByRole("button", { name: "Register this checkpoint" }).click();
  await expect(page.getByText("The checkpoint is registered.")).toBeVisible();
  await eventually(reader, path, () => expect(reader.getByText("step 1,200")).toBeVisible({ timeout: 500 }));
  await expect(async () => {
    await reader.goto(path);
    await expect(reader.getByText("by this instance, from the registered release")).toBeVisible({
      timeout: 500,
    });
  }).toPass({ timeout: 60_000 });
  await expect(reader.getByRole("link", { name: /^Download \(/ })).toBeVisible();
  await reader.goto(path.replace("/en/", "/zh/"));
  await expect(reader.getByText(/第 1,200 步/)).toBeVisible();
  await reader.goto(`${path}/weights`);
  await expect(reader.getByText("Only the person who registered this release can add to it")).toBeVisible();
});
