import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { openSecrets as decrypt } from "../../lib/engine/canary";
import { tinyPng } from "../support/tiny-images";
import {
  answersFile,
  file,
  inThirtyDays,
  keptByBrowser,
  labelItems,
  openSecrets,
  passphrase,
  saved,
  type TextFile,
  watchRequests,
} from "./support/canaries";
import { eventually } from "./support/cases";
import { expect, test } from "./support/fixtures";

test.describe.configure({ timeout: 180_000 });

const items = 24;
const picture = Buffer.from(tinyPng(12, 12, 77));

const accessible = async (page: Page) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  expect((await new AxeBuilder({ page }).withTags(tags).analyze()).violations).toEqual([]);
};

test("items are sealed offline, copied, registered, answered, revealed and judged; nothing secret leaves the page", async ({
  asAuthor: page,
  asParty: party,
  asReader: reader,
  database,
}) => {
  const sent = watchRequests(page);
  await page.goto("/en/canaries/new");
  await expect(page.getByText("Everything is loaded")).toBeVisible();
  await page.context().setOffline(true);

  // What cannot be used is said at once; what is missing, where it is missing.
  const choose = page.getByLabel("File of items (.jsonl)");
  await choose.setInputFiles(file("items.jsonl", '{"id":"a","prompt":"?"}\n{"id":"a","prompt":"?"}\n'));
  await expect(page.getByText("The same id stands there twice.")).toBeVisible();
  await choose.setInputFiles(labelItems(items, "seal.png"));
  await page
    .getByLabel("Images", { exact: true })
    .setInputFiles({ name: "seal.png", mimeType: "image/png", buffer: picture });
  await expect(page.getByText("24 items read. 1 of them with an image.")).toBeVisible();
  const seal = "Seal the items and save the secrets file";
  await page.getByLabel("Reveal by").fill(inThirtyDays());
  await page.getByLabel("Minutes from the registration to that round").fill("0.3");
  await page.getByRole("button", { name: seal }).click();
  await expect(page.getByText("The passphrase has fewer than 12 characters.")).toBeVisible();
  await accessible(page);
  await page.getByLabel("Passphrase for the secrets file").fill(passphrase);
  await page.getByLabel("The same passphrase again").fill(passphrase);
  const { name, text } = await saved(page, seal);
  const secrets = file(name, text);
  expect(text).not.toContain("slip-");
  const second = await openBothCopies(page, secrets);

  const register = page.locator("section[aria-labelledby=step-register]").getByRole("button");
  await expect(async () => {
    // The round that was named while sealing may be past by now: a later one is shown first, then sent.
    await register.click();
    await expect(page.getByText(/^The site cannot be reached/)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await page.context().setOffline(false);
  await expect(async () => {
    await register.click();
    await page.waitForURL(/\/en\/canaries\/[0-9a-f]{32}$/, { timeout: 8_000 });
  }).toPass({ timeout: 40_000 });
  const set = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  // Neither in what was sent, addresses and headers included, nor in what the browser keeps.
  const [asked, kept] = [await sent(), await keptByBrowser(page)];
  expect(asked).toContain(set);
  expect(kept).toContain(set);
  for (const secret of await secretsIn(secrets, second)) {
    expect(asked).not.toContain(secret);
    expect(kept).not.toContain(secret);
  }

  const nonce = async () =>
    (await database.query("SELECT nonce FROM canary_set WHERE set_id = $1", [set])).rows[0]?.nonce;
  await expect.poll(nonce, { timeout: 60_000 }).toMatch(/^[0-9a-f]{64}$/);
  await eventually(reader, `/en/canaries/${set}`, () =>
    expect(reader.getByText("Known, its signature verified:")).toBeVisible({ timeout: 500 }),
  );
  await expect(reader.getByText("sealed", { exact: false }).first()).toBeVisible();
  await accessible(reader);

  // The author's own answers by one page, while the other one keeps the secrets file open.
  await openSecrets(page, set, secrets);
  const targets = (await saved(page, "Save the items with their labels")).text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; answer: string });
  expect(targets).toHaveLength(items);
  const beside = await page.context().newPage();
  await handIn(beside, set, { role: "original", name: "Sealed model", answers: targets });
  await beside.close();
  // The suspect's by somebody else; the last item is kept back.
  await handIn(party, set, { role: "suspect", name: "Suspect model", answers: targets.slice(4) });
  await expect(party.getByText(/^Needs answers of a suspect, and all items revealed/)).toBeVisible();
  await expect(party.getByText("No item of this set has been revealed yet.")).toBeVisible();
  await accessible(party);

  await page.getByLabel("only these").check();
  await page.getByLabel("Numbers of the items, from 0").fill("0-30");
  await page.getByRole("button", { name: "Reveal these items" }).first().click();
  await expect(page.getByText(/^Give numbers from 0 to 23/)).toBeVisible();
  await page.getByLabel("Numbers of the items, from 0").fill("0-22");
  await accessible(page);
  await page.getByRole("button", { name: "Reveal these items" }).first().click();
  await page.waitForURL(new RegExp(`/en/canaries/${set}$`));
  await eventually(reader, `/en/canaries/${set}`, () =>
    expect(reader.getByText(/^Checked in this browser: 23 of 23 openings/)).toBeVisible({ timeout: 2_000 }),
  );
  await expect(reader.getByText("The labels of 23 items follow from the public number.")).toBeVisible();
  await expect(reader.getByText("1 images have the hash that was committed.")).toBeVisible();
  const shown = reader.getByRole("img", { name: "Image of item slip-0" });
  await shown.scrollIntoViewIfNeeded();
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(12);
  await expect(reader.getByText("Collected by the author of the set", { exact: false })).toBeVisible();

  await openSecrets(page, set, secrets);
  await page.getByRole("button", { name: "Reveal these items" }).first().click();
  await page.waitForURL(new RegExp(`/en/canaries/${set}$`));
  await party.reload();
  await party.getByRole("button", { name: "Judge this pair" }).click();
  await expect(party.getByText(/The judgement appears on the page of the set/)).toBeVisible();
  await eventually(reader, `/en/canaries/${set}`, async () => {
    await reader.getByRole("link", { name: "Suspect model", exact: true }).click({ timeout: 1_000 });
    await expect(reader.getByRole("heading", { name: "Answers, item by item" })).toBeVisible({
      timeout: 1_000,
    });
  });
  await expect(reader.getByRole("heading", { name: "Illustration only" })).toBeVisible();
  await accessible(reader);
  await reader.getByLabel("Which items").selectOption({ label: "not answered (4)" });
  await reader.getByRole("button", { name: "Show these items" }).click();
  await expect(reader.getByText("4 items of 24.")).toBeVisible();
});

/** Two files are demanded: a damaged one does not do, nor another passphrase, nor the first file under another name. */
async function openBothCopies(page: Page, first: TextFile): Promise<TextFile> {
  await expect(page.getByRole("button", { name: "Register this commitment" }).first()).not.toBeInViewport();
  const open = async (copy: TextFile, word: string, said: string | RegExp) => {
    await page.getByLabel("One of the two copies").setInputFiles(copy);
    await page.getByLabel("Passphrase", { exact: true }).fill(word);
    await page.getByRole("button", { name: "Open this copy" }).click();
    await expect(page.getByText(said)).toBeVisible();
  };
  const text = first.buffer.toString("utf8");
  const damaged = file("copy.json", text.slice(0, -40));
  await open(damaged, passphrase, "The secrets file is damaged. Use the other copy.");
  await open(first, "another passphrase", "The passphrase does not open this file.");
  await open(first, passphrase, /^One copy opens, and it holds this set/);
  const renamed = file("elsewhere.json", text);
  await open(renamed, passphrase, "This copy has been opened already. Choose the other one.");
  await expect(page.getByText("Not checked: where they lie.", { exact: false })).toBeVisible();
  const again = await saved(page, "Save the second copy");
  expect(JSON.parse(again.text).ciphertext).not.toBe(JSON.parse(text).ciphertext);
  const second = file(again.name, again.text);
  await open(second, passphrase, /^Both copies open, and each holds this set/);
  return second;
}

/** What may never leave the page: items, picture, passphrase, seed in each writing, and the files themselves. */
async function secretsIn(...files: readonly TextFile[]): Promise<readonly string[]> {
  const found = ["slip-3", "label 5", passphrase, picture.toString("base64").slice(30, 70)];
  for (const { buffer } of files) {
    found.push((JSON.parse(buffer.toString("utf8")) as { ciphertext: string }).ciphertext.slice(0, 40));
    const { seed } = await decrypt(new Uint8Array(buffer), passphrase);
    const bytes = Buffer.from(seed);
    found.push(bytes.toString("hex"), bytes.toString("base64").slice(0, 40), bytes.toString("base64url"));
  }
  return found;
}

interface Handed {
  readonly role: "original" | "suspect";
  readonly name: string;
  readonly answers: readonly { readonly id: string; readonly answer: string }[];
}

async function handIn(page: Page, set: string, { role, name, answers }: Handed): Promise<void> {
  await page.goto(`/en/canaries/${set}/answers`);
  const form = page.locator("#hand-in-form");
  await form.getByRole("radio", { name: role }).check();
  await form.getByLabel("Name of the model").fill(name);
  await form
    .getByLabel("Transcript or answers (.jsonl)")
    .setInputFiles(answersFile(answers.map(({ id, answer }) => ({ id, answer }))));
  await form.getByRole("button", { name: "Hand in these answers" }).click();
  await expect(page.getByText("Recorded. The answers stand on the page of the set.")).toBeVisible();
}
