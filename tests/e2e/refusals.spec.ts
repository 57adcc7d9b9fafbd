import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exampleReleases } from "../../lib/examples/releases/catalogue";
import { capture, fillReport } from "./support/cases";
import { expect, test } from "./support/fixtures";
import { given } from "./support/peers";
import { serveFiles, serveFolder } from "./support/releases";

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
