import type { Page } from "@playwright/test";
import { capture, casesOf, fillReport, handInReport, openCase } from "./support/cases";
import { expect, test } from "./support/fixtures";
import { servePair } from "./support/releases";

test.describe.configure({ timeout: 90_000 });

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
      await form.getByLabel("Declared interest").selectOption({ label: "none" });
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
      if (name !== "interest") await form.getByLabel("Declared interest").selectOption({ label: "none" });
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
