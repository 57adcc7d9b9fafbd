import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Client } from "pg";
import { exampleReleases } from "../../lib/examples/releases/catalogue";
import { capture, fillReport, handInReport, notify, openCase } from "./support/cases";
import { expect, test } from "./support/fixtures";
import { given } from "./support/peers";
import { type Pair, serveFiles, serveFolder, servePair } from "./support/releases";

test.describe.configure({ timeout: 90_000 });

const someone = "example-refused";
const commit = "0123456789abcdef0123456789abcdef01234567";
const good = `hf:${exampleReleases.original}`;

/** A listing of more files than one release may have. */
async function serveHuge(): Promise<string> {
  const folder = join(given("DATA"), "served", someone, "huge");
  await mkdir(folder, { recursive: true });
  const files = Array.from({ length: 20_001 }, (_, index) => ({
    path: `part-${String(index).padStart(5, "0")}.bin`,
    oid: commit,
    size: 1,
  }));
  await writeFile(join(folder, "tree.json"), JSON.stringify({ commit, files }));
  return (await serveFolder(`${someone}/huge`, folder)).name;
}

test.describe("releases that cannot be read", () => {
  test.beforeAll(async () => {
    await serveFiles(`${someone}/private`, { "config.json": {} }, { private: true });
    await serveFiles(`${someone}/gated`, { "config.json": { hidden_size: 8 } }, { gated: true });
    await serveFiles(`${someone}/no-weights`, { "README.md": "# Only words\n" });
    await serveHuge();
  });

  for (const [what, address, sentence] of [
    ["an unknown repository", "hf:nobody-here/nothing", "There is no such repository, or it is not public."],
    ["a private repository", `hf:${someone}/private`, "There is no such repository, or it is not public."],
    ["a gated repository", `hf:${someone}/gated`, "The repository is private or asks for consent."],
    ["a deleted revision", `${good}@${commit}`, "The repository has no such revision."],
    ["a huge repository", `hf:${someone}/huge`, "This is larger than what is read here."],
    ["a folder of the server", "./var", "This is not an address of a release."],
    ["an address inside", "https://127.0.0.1/org/name", "This is not an address of a release."],
  ] as const) {
    test(`${what} is told in the register form, and what was typed stays`, async ({ asAuthor: page }) => {
      await page.goto("/en/register");
      await page.getByLabel("Address of the release").fill(address);
      await page.getByRole("button", { name: "Show what would be recorded" }).click();
      await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
      await expect(page.getByLabel("Address of the release")).toHaveValue(address);
    });
  }

  test("each is told at its field of the look-up and of the report", async ({ asReporter: page }) => {
    await page.goto("/zh/check");
    await page.getByLabel("原版本").fill(good);
    await page.getByLabel("与之比对的发布版本").fill(`hf:${someone}/gated`);
    await page.getByRole("button", { name: "比对这两个发布版本" }).click();
    await expect(page.getByLabel("与之比对的发布版本")).toHaveAccessibleDescription(
      /该仓库为私有，或需要同意条款/,
    );
    await page.getByLabel("与之比对的发布版本").fill(good);
    await page.getByRole("button", { name: "比对这两个发布版本" }).click();
    await expect(page.getByLabel("与之比对的发布版本")).toHaveAccessibleDescription(
      /同一提交下的同一发布版本/,
    );

    const refused = { name: `${someone}/gated`, commit, address: `hf:${someone}/gated` };
    const original = { name: exampleReleases.original, commit, address: good };
    await fillReport(page, { original, suspect: refused }, "A statement that took an hour.");
    await capture(page).click();
    await expect(page.getByLabel("Suspect release", { exact: true })).toHaveAccessibleDescription(
      /asks for consent/,
    );
    await page.getByLabel("Suspect release", { exact: true }).fill(good);
    await capture(page).click();
    await expect(page.getByLabel("Suspect release", { exact: true })).toHaveAccessibleDescription(
      /the same release/,
    );
    await expect(page.getByLabel("Statement", { exact: true })).toHaveValue("A statement that took an hour.");
    await expect(page.getByRole("checkbox", { name: "Same structure" })).toBeChecked();
  });

  test("a repository without weights can be registered, and the preview says so", async ({
    asAuthor: page,
  }) => {
    await page.goto("/en/register");
    await page.getByLabel("Address of the release").fill(`hf:${someone}/no-weights`);
    await page.getByRole("button", { name: "Show what would be recorded" }).click();
    await expect(page.getByText("No weights in a format that is read here.", { exact: true })).toBeVisible();
  });
});

test("a derivative that credits its base is told first, and other claims are not taken", async ({
  asReporter: page,
}) => {
  const side = (name: string) => ({ name, commit: "", address: `hf:${name}` });
  await fillReport(
    page,
    { original: side(exampleReleases.original), suspect: side(exampleReleases.credited) },
    "Credited?",
  );
  await capture(page).click();
  await expect(
    page.getByRole("heading", { name: "The card of this release declares the original" }),
  ).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "Same structure" })).toHaveCount(0);
  await expect(page.getByRole("checkbox", { name: "Licence notice missing" })).toBeVisible();
});

const casesOf = async (database: Client, pair: Pair) =>
  (
    await database.query<{ id: string; public_id: string | null }>(
      `SELECT DISTINCT "case".id, public_id FROM "case" JOIN case_release ON case_id = "case".id
       JOIN release ON release.id = release_id WHERE repository = $1 AND case_release.role = 'suspect'`,
      [pair.suspect.name],
    )
  ).rows;

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
    await form.getByRole("button", { name: "Add this evidence" }).dblclick();
    await asReporter.waitForURL(/\/evidence\/pst_/);
    const count = async (query: string) => (await database.query(query, [caseId])).rowCount;
    expect(await count("SELECT id FROM run WHERE case_id = $1")).toBe(1);
    expect(await count("SELECT id FROM post WHERE case_id = $1 AND kind = 'evidence'")).toBe(1);
  });
});

/** Ends the session behind the browser's back, as an expiry or "sign out everywhere" does. */
async function endSession(page: Page, database: Client): Promise<void> {
  const cookie = (await page.context().cookies()).find(({ name }) => name.endsWith("session-token"));
  await database.query("DELETE FROM session WHERE session_token = $1", [cookie?.value]);
}

test.describe("the session ends in the middle of", () => {
  for (const scripts of [true, false]) {
    test(`the report form ${scripts ? "" : "without scripts"}`, async ({
      asReporter,
      asPlainReader,
      database,
    }) => {
      const pair = await servePair("ended");
      let page = asReporter;
      if (!scripts) {
        await asPlainReader.context().addCookies(await asReporter.context().cookies());
        page = asPlainReader;
      }
      await fillReport(page, pair, "Five hundred careful words.");
      await page.getByLabel("Declared interest").selectOption({ label: "competitor of a side" });
      await endSession(page, database);
      await capture(page).click();
      await expect(page.getByRole("alert").filter({ hasText: "You are not signed in." })).toBeVisible();
      await expect(page.getByRole("link", { name: /^Sign in in a new window/ })).toHaveAttribute(
        "href",
        /\/en\/sign-in\?next=/,
      );
      await expect(page.getByLabel("Original", { exact: true })).toHaveValue(pair.original.address);
      await expect(page.getByLabel("Statement", { exact: true })).toHaveValue("Five hundred careful words.");
      await expect(page.getByLabel("Same tokenizer: What you saw")).toHaveValue(
        "The vocabularies agree, id by id.",
      );
      await expect(page.getByLabel("Declared interest")).toHaveValue("competitor");
      await expect(page.getByRole("checkbox", { name: "Same structure" })).toBeChecked();
    });

    test(`the evidence form ${scripts ? "" : "without scripts"}`, async ({
      asReporter,
      asPlainReader,
      database,
    }) => {
      const { rows } = await database.query(
        `SELECT public_id FROM "case" WHERE state = 'resolved' AND example LIMIT 1`,
      );
      let page = asReporter;
      if (!scripts) {
        await asPlainReader.context().addCookies(await asReporter.context().cookies());
        page = asPlainReader;
      }
      await page.goto(`/zh/cases/${rows[0].public_id}/take-part`);
      await page.locator("#evidence-form").getByLabel("正文").fill("一段写了很久的证据。");
      await endSession(page, database);
      await page.locator("#evidence-form").getByRole("button").click();
      await expect(page.getByRole("alert").filter({ hasText: "您尚未登录" })).toBeVisible();
      await expect(page.locator("#evidence-form").getByRole("link", { name: /登录/ })).toBeVisible();
      await expect(page.locator("#evidence-form").getByLabel("正文")).toHaveValue("一段写了很久的证据。");
    });
  }
});

/** Overwrites a hidden field, as somebody with the developer tools does. */
const forge = (page: Page, form: string, name: string, value: string) =>
  page.locator(`${form} input[name="${name}"]`).evaluate((field, forged) => {
    (field as HTMLInputElement).value = forged;
  }, value);

test.describe("forged", () => {
  test("nobody edits or withdraws another's text", async ({
    asReporter,
    asModerator,
    asAuthor,
    database,
  }) => {
    const { caseId, publicId } = await openCase(asReporter, asModerator, await servePair("forged"));
    const write = async (page: Page, text: string) => {
      await page.goto(`/en/cases/${publicId}/take-part`);
      const form = page.locator("#evidence-form");
      await form.getByLabel("Text", { exact: true }).fill(text);
      await form.getByRole("button").click();
      await page.waitForURL(/\/evidence\/pst_/);
      return new URL(page.url()).pathname.split("/").at(-1) ?? "";
    };
    const theirs = await write(asReporter, "My own words.");
    const mine = await write(asAuthor, "Somebody else's words.");

    await asAuthor.goto(`/en/evidence/${theirs}/edit`);
    await expect(asAuthor.getByRole("heading", { name: "This text is not yours to change" })).toBeVisible();
    await expect(asAuthor.getByRole("textbox")).toHaveCount(0);
    await asModerator.goto(`/en/evidence/${theirs}/edit`);
    await expect(
      asModerator.getByRole("heading", { name: "This text is not yours to change" }),
    ).toBeVisible();

    await asAuthor.goto(`/en/evidence/${mine}/edit`);
    await forge(asAuthor, "form:has(textarea)", "postId", theirs);
    await asAuthor.getByLabel("Text", { exact: true }).fill("Put into another's mouth.");
    await asAuthor.getByRole("button", { name: "Save this edit" }).click();
    await expect(
      asAuthor.getByRole("alert").filter({ hasText: "Your account may not do this." }),
    ).toBeVisible();
    await asAuthor.goto(`/en/evidence/${mine}/edit`);
    await forge(asAuthor, "#withdraw-form", "postId", theirs);
    await asAuthor.getByRole("button", { name: "Withdraw this text" }).click();
    await expect(
      asAuthor.getByRole("alert").filter({ hasText: "Your account may not do this." }),
    ).toBeVisible();

    const { rows } = await database.query(
      "SELECT state, body FROM post JOIN post_version ON post_id = post.id WHERE post.case_id = $1 AND post.id = $2",
      [caseId, theirs],
    );
    expect(rows).toEqual([{ state: "visible", body: "My own words." }]);
  });

  test("ids of another's draft, of no party and of no claim are refused", async ({
    asReporter,
    asModerator,
    asAuthor,
    database,
  }) => {
    const hidden = await handInReport(asReporter, await servePair("forged"));
    const open = await openCase(asReporter, asModerator, await servePair("forged"));
    const form = asAuthor.locator("#evidence-form");
    const send = async (name: string, value: string) => {
      await asAuthor.goto(`/en/cases/${open.publicId}/take-part`);
      if (name === "caseId") await forge(asAuthor, "#evidence-form", name, value);
      else
        await form
          .locator(`select[name="${name}"] option`)
          .first()
          .evaluate((option, forged) => {
            (option as HTMLOptionElement).value = forged;
          }, value);
      await form.getByLabel("Text", { exact: true }).fill("Forged.");
      await form.getByRole("button").click();
      await expect(form.getByRole("alert")).toBeVisible();
    };
    await send("caseId", hidden.caseId);
    await send("caseId", `cse_${"0".repeat(20)}`);
    await send("caseId", "'; DROP TABLE post; --");
    await send("claimId", `clm_${"0".repeat(20)}`);
    await send("interest", "saint");
    const { rowCount } = await database.query("SELECT 1 FROM post_version WHERE body = 'Forged.'");
    expect(rowCount).toBe(0);
  });

  test("a draft is not handed in by somebody else, a capture not registered under a forged id", async ({
    asReporter,
    asAuthor,
    database,
  }) => {
    const pair = await servePair("forged");
    await fillReport(asReporter, pair, "A draft of mine.");
    await capture(asReporter).click();
    await asReporter.waitForURL(/\/report\/cse_/);
    const theirs = new URL(asReporter.url()).pathname.split("/").at(-1) ?? "";

    await fillReport(asAuthor, await servePair("forged"), "Another draft.");
    await capture(asAuthor).click();
    await asAuthor.waitForURL(/\/report\/cse_/);
    await forge(asAuthor, "form:has(button:text('Hand in this report'))", "caseId", theirs);
    await asAuthor.getByRole("button", { name: "Hand in this report" }).click();
    await expect(
      asAuthor.getByRole("alert").filter({ hasText: "It does not exist, or not for you." }),
    ).toBeVisible();
    expect(await casesOf(database, pair)).toEqual([{ id: theirs, public_id: null }]);

    await asAuthor.goto(`/en/register?address=${encodeURIComponent(pair.original.address)}`);
    await asAuthor.getByRole("button", { name: "Show what would be recorded" }).click();
    await asAuthor.waitForURL(/release=/);
    await forge(
      asAuthor,
      "form:has(button:text('Register this release'))",
      "captureId",
      `cap_${"0".repeat(20)}`,
    );
    await asAuthor.getByRole("button", { name: "Register this release" }).click();
    await expect(
      asAuthor.getByRole("alert").filter({ hasText: "A preview is kept for an hour" }),
    ).toBeVisible();
  });
});
