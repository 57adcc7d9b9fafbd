import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/axe";
import {
  answersFile,
  file,
  inThirtyDays,
  labelItems,
  openSecrets,
  passphrase,
  saved,
} from "./support/canaries";
import { eventually } from "./support/cases";
import { expect, test } from "./support/fixtures";

test.describe.configure({ timeout: 150_000 });

const items = 24;

test("items are sealed offline, copied, registered, answered, revealed and judged; nothing secret leaves the page", async ({
  asAuthor: page,
  asParty: party,
  asReader: reader,
  database,
}) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await page.goto("/en/canaries/new");
  await expect(page.getByText("Everything is loaded")).toBeVisible();
  await page.context().setOffline(true);

  // What cannot be used is said at once; what is missing, where it is missing.
  const choose = page.getByLabel("File of items (.jsonl)");
  await choose.setInputFiles(file("items.jsonl", '{"id":"a","prompt":"?"}\n{"id":"a","prompt":"?"}\n'));
  await expect(page.getByText("The same id stands there twice.")).toBeVisible();
  await choose.setInputFiles(labelItems(items));
  await expect(page.getByText("24 items read.")).toBeVisible();
  const seal = "Seal the items and save the secrets file";
  await page.getByLabel("Reveal by").fill(inThirtyDays());
  await page.getByLabel("Minutes from the registration to that round").fill("0.3");
  await page.getByRole("button", { name: seal }).click();
  await expect(page.getByText("The passphrase has fewer than 12 characters.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Passphrase for the secrets file").fill(passphrase);
  await page.getByLabel("The same passphrase again").fill(passphrase);
  const { name, text } = await saved(page, seal);
  const secrets = file(name, text);
  expect(text).not.toContain("slip-");

  // The second copy is demanded: another file does not do, nor does another passphrase.
  await expect(page.getByRole("button", { name: "Register this commitment" }).first()).not.toBeInViewport();
  await page.getByLabel("The second copy").setInputFiles(file("copy.json", text.slice(0, -40)));
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByRole("button", { name: "Open this copy" }).click();
  await expect(page.getByText("The secrets file is damaged. Use the other copy.")).toBeVisible();
  await page.getByLabel("The second copy").setInputFiles(secrets);
  await page.getByLabel("Passphrase", { exact: true }).fill("another passphrase");
  await page.getByRole("button", { name: "Open this copy" }).click();
  await expect(page.getByText("The passphrase does not open this file.")).toBeVisible();
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByRole("button", { name: "Open this copy" }).click();
  await expect(page.getByText(/^The copy opens, and it holds this set/)).toBeVisible();

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
  const bodies = sent.join("\n");
  expect(bodies).toContain(set);
  for (const secret of ["slip-3", "label 5", passphrase, JSON.parse(text).ciphertext.slice(0, 40)])
    expect(bodies).not.toContain(secret);

  const nonce = async () =>
    (await database.query("SELECT nonce FROM canary_set WHERE set_id = $1", [set])).rows[0]?.nonce;
  await expect.poll(nonce, { timeout: 60_000 }).toMatch(/^[0-9a-f]{64}$/);
  await eventually(reader, `/en/canaries/${set}`, () =>
    expect(reader.getByText("Known, its signature verified:")).toBeVisible({ timeout: 500 }),
  );
  await expect(reader.getByText("sealed", { exact: false }).first()).toBeVisible();
  await expectAccessible(reader);

  await openSecrets(page, set, secrets);
  const targets = (await saved(page, "Save the items with their labels")).text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; answer: string });
  expect(targets).toHaveLength(items);

  // The author's own answers, and the suspect's by somebody else; the last item is kept back.
  await handIn(page, set, { role: "original", name: "Sealed model", answers: targets });
  await handIn(party, set, { role: "suspect", name: "Suspect model", answers: targets.slice(4) });

  await openSecrets(page, set, secrets);
  await page.getByLabel("only these").check();
  await page.getByLabel("Numbers of the items, from 0").fill("0-30");
  await page.getByRole("button", { name: "Reveal these items" }).first().click();
  await expect(page.getByText(/^Give numbers from 0 to 23/)).toBeVisible();
  await page.getByLabel("Numbers of the items, from 0").fill("0-22");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Reveal these items" }).first().click();
  await page.waitForURL(new RegExp(`/en/canaries/${set}$`));
  await eventually(reader, `/en/canaries/${set}`, () =>
    expect(reader.getByText(/^Checked in this browser: 23 of 23 openings/)).toBeVisible({ timeout: 2_000 }),
  );
  await expect(reader.getByText("The labels of 23 items follow from the public number.")).toBeVisible();

  await party.goto(`/en/canaries/${set}/answers`);
  await expect(party.getByText(/^Needs answers of a suspect, and all items revealed/)).toBeVisible();
  await expectAccessible(party);
  await openSecrets(page, set, secrets);
  await page.getByRole("button", { name: "Reveal these items" }).first().click();
  await page.waitForURL(new RegExp(`/en/canaries/${set}$`));
  await party.goto(`/en/canaries/${set}/answers`);
  await party.getByRole("button", { name: "Judge this pair" }).click();
  await expect(party.getByText(/The judgement appears on the page of the set/)).toBeVisible();
  await eventually(reader, `/en/canaries/${set}`, async () => {
    await reader.getByRole("link", { name: "Suspect model", exact: true }).click({ timeout: 1_000 });
    await expect(reader.getByRole("heading", { name: "Answers, item by item" })).toBeVisible({
      timeout: 1_000,
    });
  });
  await expect(reader.getByRole("heading", { name: "Illustration only" })).toBeVisible();
  await expectAccessible(reader);
  await reader.getByLabel("Which items").selectOption({ label: "not answered (4)" });
  await reader.getByRole("button", { name: "Show these items" }).click();
  await expect(reader.getByText("4 items of 24.")).toBeVisible();
});

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
