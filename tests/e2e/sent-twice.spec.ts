import { capture, casesOf, fillReport, handInReport, notify, openCase } from "./support/cases";
import { expect, test } from "./support/fixtures";
import { servePair } from "./support/releases";

test.describe.configure({ timeout: 90_000 });

test.describe("sent twice", () => {
  test("a double click on the report makes one draft, on handing in one case", async ({
    asReporter: page,
    database,
  }) => {
    const pair = await servePair("twice");
    await fillReport(page, pair, "Clicked twice.");
    await capture(page).dblclick();
    await page.waitForURL(/\/report\/cse_/);
    expect(await casesOf(database, pair)).toHaveLength(1);
    const other = await page.context().newPage();
    await other.goto(page.url());
    for (const tab of [page, other])
      await tab.getByRole("button", { name: "Hand in this report" }).dblclick();
    for (const tab of [page, other])
      await expect(tab.getByRole("heading", { name: /Handed in as/ })).toBeVisible();
    expect(await casesOf(database, pair)).toHaveLength(1);
  });

  test("two tabs with the same pair end in one case", async ({ asReporter: page, asModerator, database }) => {
    const pair = await servePair("tabs");
    const ids: string[] = [];
    for (const tab of [page, await page.context().newPage()])
      ids.push((await handInReport(tab, pair)).caseId);
    await notify(asModerator, ids[0] ?? "");
    await asModerator.goto(`/en/moderation/cases/${ids[1]}`);
    await asModerator
      .getByRole("button", { name: "Notify the named party and start the reply clock" })
      .click();
    await expect(
      asModerator.getByRole("alert").filter({ hasText: "This has been done already." }),
    ).toBeVisible();
    const { rows } = await database.query(`SELECT state FROM "case" WHERE id = ANY($1) ORDER BY state`, [
      ids,
    ]);
    expect(rows.map(({ state }) => state)).toEqual(["draft", "notified"]);
  });

  test("a registration confirmed twice in two tabs is one registration", async ({
    asAuthor: page,
    database,
  }) => {
    const { original } = await servePair("twice");
    await page.goto("/en/register");
    await page.getByLabel("Address of the release").fill(original.address);
    await page.getByRole("button", { name: "Show what would be recorded" }).click();
    await page.waitForURL(/release=/);
    const other = await page.context().newPage();
    await other.goto(page.url());
    for (const tab of [page, other])
      await tab.getByRole("button", { name: "Register this release" }).dblclick();
    await page.waitForURL(/\/models\/mdl_/);
    await other.waitForURL(page.url());
    const { rows } = await database.query(
      "SELECT model.id FROM model JOIN release ON release.id = release_id WHERE repository = $1",
      [original.name],
    );
    expect(rows).toHaveLength(1);
  });

  test("a run and a text asked for twice are one run and one text", async ({
    asReporter,
    asModerator,
    database,
  }) => {
    const { caseId, publicId } = await openCase(asReporter, asModerator, await servePair("twice"));
    await asReporter.goto(`/en/cases/${publicId}/take-part`);
    await asReporter.getByRole("button", { name: "Ask for this run" }).dblclick();
    await asReporter.waitForURL(/\/runs\/run_/);
    // Back to the same form, and sent once more.
    await asReporter.goBack();
    await asReporter.goto(`/en/cases/${publicId}/take-part`);
    const form = asReporter.getByRole("region", { name: "Add evidence" });
    await form.getByLabel("Text", { exact: true }).fill("Said once.");
    await form.getByLabel("Declared interest").selectOption({ label: "none" });
    await form.getByRole("button", { name: "Add this evidence" }).dblclick();
    await asReporter.waitForURL(/\/evidence\/pst_/);
    const count = async (query: string) => (await database.query(query, [caseId])).rowCount;
    expect(await count("SELECT id FROM run WHERE case_id = $1")).toBe(1);
    expect(await count("SELECT id FROM post WHERE case_id = $1 AND kind = 'evidence'")).toBe(1);
  });
});
