import { eventually, handInReport, notify } from "./support/cases";
import { expect, test } from "./support/fixtures";
import { given } from "./support/peers";
import { servePair } from "./support/releases";

test.describe.configure({ timeout: 90_000 });

const noPage = "There is no page at this address";

test("a draft is its reporter's alone; a notified case is read at its address only", async ({
  asReporter,
  asAuthor,
  asModerator,
  asReader,
}) => {
  const pair = await servePair("hidden");
  const { caseId, publicId } = await handInReport(asReporter, pair, "Only for moderators so far.");
  for (const stranger of [asAuthor, asReader]) {
    for (const path of [`/en/report/${caseId}`, `/en/cases/${publicId}`, `/en/cases/${publicId}/take-part`]) {
      await stranger.goto(path);
      await expect(stranger.getByText("Only for moderators so far.")).toHaveCount(0);
      await expect(stranger.getByText(pair.suspect.name)).toHaveCount(0);
    }
    const answer = await stranger.request.get(`${given("ORIGIN")}/api/v1/cases/${publicId}`);
    expect(answer.status()).toBe(404);
    await stranger.goto(`/en/moderation/cases/${caseId}`);
    await expect(stranger.getByText(pair.suspect.name)).toHaveCount(0);
  }
  await asAuthor.goto(`/en/report/${caseId}`);
  await expect(asAuthor.getByRole("heading", { level: 1 })).toHaveText(noPage);

  await notify(asModerator, caseId);
  await eventually(asReader, `/en/cases/${publicId}`, () =>
    expect(asReader.getByText("This page is not listed")).toBeVisible({ timeout: 500 }),
  );
  await expect(asReader.locator('meta[name="robots"]')).toHaveAttribute("content", /noindex/);
  await asReader.goto(`/en/cases?q=${publicId}`);
  await expect(asReader.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await asReader.goto("/en");
  await expect(asReader.getByText(publicId)).toHaveCount(0);
  const listed = await asReader.request.get(`${given("ORIGIN")}/api/v1/cases?q=${publicId}`);
  expect(await listed.text()).not.toContain(publicId);

  // Before a case is open, only those it concerns write in it.
  await asAuthor.goto(`/en/cases/${publicId}/take-part`);
  await expect(asAuthor.getByRole("heading", { name: "This case takes no new evidence" })).toBeVisible();
});

test("a text that waits for review is seen by its author and moderators only", async ({
  asReporter,
  asModerator,
  asReader,
  database,
}) => {
  const { caseId, publicId } = await handInReport(asReporter, await servePair("waiting"));
  await notify(asModerator, caseId);
  await asReporter.goto(`/en/cases/${publicId}/take-part`);
  const form = asReporter.getByRole("region", { name: "Add evidence" });
  await form.getByLabel("Text", { exact: true }).fill("This sentence waits.");
  await form.getByLabel("Declared interest").selectOption({ label: "none" });
  await form.getByRole("button", { name: "Add this evidence" }).click();
  await asReporter.waitForURL(/\/evidence\/pst_/);
  const post = new URL(asReporter.url()).pathname.split("/").at(-1) ?? "";
  // Review of first posts has no page yet: what it will set is set here.
  await database.query("UPDATE post SET state = 'waiting' WHERE id = $1", [post]);
  for (const path of [`/zh/cases/${publicId}`, `/zh/evidence/${post}`]) {
    await asReader.goto(path);
    await expect(asReader.getByText("This sentence waits.")).toHaveCount(0);
  }
  const api = await asReader.request.get(`${given("ORIGIN")}/api/v1/cases/${publicId}`);
  expect(await api.text()).not.toContain("This sentence waits.");
});
