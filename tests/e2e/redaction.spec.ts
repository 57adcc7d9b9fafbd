import { openCase } from "./support/cases";
import { expect, signIn, test } from "./support/fixtures";
import { given } from "./support/peers";
import { servePair } from "./support/releases";

// Copies in shared caches are given 65 s before a redaction counts as done.
test.describe.configure({ timeout: 240_000 });

const secret = "Quartzvale";

test("words that are redacted leave pages, search, interface and blobs in both languages, by plain forms", async ({
  asReporter,
  asModerator,
  asPlainReader: reader,
  asAuthor,
  browser,
  database,
}) => {
  const { publicId } = await openCase(asReporter, asModerator, await servePair("redact"));
  await asAuthor.goto(`/en/cases/${publicId}/take-part`);
  const evidence = asAuthor.getByRole("region", { name: "Add evidence" });
  await evidence
    .getByLabel("Text")
    .fill(`${secret}: the key is token-7f3a, see https://quartzvale.example/x`);
  await evidence.getByLabel("Declared interest").selectOption({ label: "none" });
  await evidence.getByRole("button", { name: "Add this evidence" }).click();
  await asAuthor.waitForURL(/\/en\/evidence\/pst_/);
  const post = new URL(asAuthor.url()).pathname.split("/").at(-1) ?? "";

  const key = `evidence:${publicId}:${post}:1`;
  const entryOf = async (dedupKey: string) =>
    (
      await database.query<{ index: string; pae: string }>(
        "SELECT index, pae FROM log_entry WHERE dedup_key = $1",
        [dedupKey],
      )
    ).rows[0];
  await expect.poll(() => entryOf(key), { timeout: 60_000 }).toBeTruthy();
  const { index = "", pae = "" } = (await entryOf(key)) ?? {};
  const pages = ["en", "zh"].flatMap((locale) => [
    `/${locale}/cases/${publicId}`,
    `/${locale}/evidence/${post}`,
  ]);
  const texts = async (paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => (await reader.request.get(path)).text()));
  // Every page is in the site's cache, with the words.
  for (const text of await texts(pages)) expect(text).toContain(secret);
  expect((await reader.request.get(`/api/v1/blobs/sha256/${pae}`)).status()).toBe(200);

  // The moderator's browser runs no scripts either.
  const plain = await browser.newContext({ baseURL: given("ORIGIN"), javaScriptEnabled: false });
  await signIn(plain, database, { name: "Second moderator", role: "moderator" });
  const moderator = await plain.newPage();
  await moderator.goto("/en/moderation");
  await moderator.getByRole("link", { name: "Redactions" }).click();
  await moderator.getByLabel("Number of the entry").fill(index);
  await moderator.getByRole("button", { name: "Look at it" }).click();
  await expect(moderator.getByText("token-7f3a")).toBeVisible();
  await moderator.getByLabel("an exposed secret").check();
  await moderator.getByLabel("Reference of whoever demands it").fill("Key owner, 27 November");
  await moderator.getByLabel("once more").fill("0");
  await moderator.getByRole("button", { name: "Redact", exact: true }).click();
  await expect(moderator.getByText("This is not the entry above.").first()).toBeVisible();
  await moderator.getByLabel("once more").fill(index);
  await moderator.getByRole("button", { name: "Redact", exact: true }).click();
  await expect(moderator.getByText("This entry was redacted already.")).toBeVisible();
  await expect(moderator.getByText("erased; copies and caches are being cleaned").first()).toBeVisible();

  await expect(async () => {
    for (const text of await texts(pages)) {
      expect(text).not.toMatch(/quartzvale|token-7f3a/i);
      expect(text).toContain("[redacted · 遮蔽]");
    }
  }).toPass({ timeout: 20_000 });
  const [search = "", api = ""] = await texts([`/en/cases?q=${secret}`, `/api/v1/evidence/${post}`]);
  expect(search).not.toContain(publicId);
  expect(api).not.toMatch(/quartzvale|token-7f3a/i);
  expect(JSON.parse(api).redaction).toMatchObject({ reason: "secret-exposed" });

  await expect.poll(() => entryOf(`tombstone:${index}`), { timeout: 60_000 }).toBeTruthy();
  const tombstone = (await entryOf(`tombstone:${index}`))?.index ?? "";
  const gone = await reader.request.get(`/api/v1/blobs/sha256/${pae}`);
  expect(gone.status()).toBe(410);
  expect(await gone.json()).toMatchObject({
    redaction: { tombstone: { index: Number(tombstone), proof: `/log/entry/${tombstone}.tlog-proof` } },
  });
  await expect
    .poll(async () => (await reader.request.get(`/log/entry/${tombstone}.tlog-proof`)).status(), {
      timeout: 30_000,
    })
    .toBe(200);
  await reader.goto(`/zh/log/entries/${index}`);
  await expect(reader.getByRole("link", { name: `遮蔽条目，第 ${tombstone} 条` })).toBeVisible();
  await reader.goto(`/en/cases/${publicId}`);
  await expect(reader.getByText("Words redacted: an exposed secret").first()).toBeVisible();

  // Done is said when the site's process has cleaned up and shared caches have let go.
  await expect(async () => {
    await moderator.goto(`/en/moderation/redactions?entry=${index}`);
    await expect(moderator.getByRole("cell", { name: "done" }).first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 150_000, intervals: [3_000] });
  await plain.close();
});

test("a version that nobody knows cannot be recalled, and the form says so", async ({
  asModerator,
  asPlainReader: reader,
}) => {
  await asModerator.goto("/en/moderation/recalls");
  await asModerator.getByLabel("Method", { exact: true }).selectOption("lineage");
  await asModerator.getByLabel("Version", { exact: true }).fill("77");
  await asModerator.getByLabel("its results could not be reproduced").check();
  await asModerator.getByRole("button", { name: "Recall this version" }).click();
  // A version that nobody knows: nothing of the shared ledger changes.
  await expect(
    asModerator.getByText("Neither this site nor any result of it knows this version.").first(),
  ).toBeVisible();
  await reader.goto("/zh/methods");
  await expect(reader.getByRole("heading", { level: 1 })).toBeVisible();
});
