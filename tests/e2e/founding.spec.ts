import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { foundingFacts } from "../fixtures/founding-pair";
import { type FoundingFolders, writeFoundingFolders } from "../support/founding-folders";
import { expect, test } from "./support/fixtures";
import { given } from "./support/peers";
import { digestOf, slipmark } from "./support/slipmark";

/** A pair equivalent to the founding case's surviving metadata, from folders to pages and on to a capsule. */
test.describe.configure({ mode: "serial", timeout: 120_000 });

let folder: string;
let folders: FoundingFolders;
let run = "";
let digest = "";
let served: string[] = [];

/** `npm run case`, on the running instance. */
async function caseTool(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production" as const, SLIPMARK_DATA: given("DATA") };
  return promisify(execFile)(process.execPath, ["--import", "tsx", "bin/case.ts", ...args], { env });
}

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-founding-"));
  folders = await writeFoundingFolders(folder);
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test("the site's run of the pair has the command line's digest", async () => {
  const { original, suspect, base } = folders;
  const { stdout, stderr } = await caseTool(original, suspect, "--base", base);
  run = /\/en\/runs\/(run_\w+)/.exec(stdout)?.[1] ?? "";
  served = [...stderr.matchAll(/^served +hf:(\S+)@/gm)].map(([, name = ""]) => name);
  digest = await digestOf(original, suspect, "--ancestor", base);
  expect(stdout).toContain(digest);
});

const words = {
  en: {
    map: "The same as a table",
    renamed: "renamed",
    relation: "Inconclusive",
    untested: "not measured: no weight was read",
    leftover: "still names",
    total: "Both indexes state the same total, and it is not the sum of the files.",
    equal: "25 keys have the same value on both sides.",
    changed: "4 keys have different values",
    removed: /5 keys are only in the original/,
    added: /0 keys are only in the suspect release/,
  },
  zh: {
    map: "以表格显示",
    renamed: "已更名",
    relation: "尚无定论",
    untested: "未测量：没有读取权重",
    leftover: "仍指向",
    total: "双方索引所载总数相同，且都不等于文件之和。",
    equal: "两侧取值相同的键：25 个。",
    changed: "4 个键取值不同",
    removed: /5 个键仅见于原版本/,
    added: /0 个键仅见于被比对版本/,
  },
} as const;

for (const locale of ["en", "zh"] as const) {
  test(`the run's page tells what was found (${locale})`, async ({ asReader: page }) => {
    const t = words[locale];
    await page.goto(`/${locale}/runs/${run}`);
    const main = page.getByRole("main");
    await page.getByText(t.map).click();
    for (const [from, to, count] of [
      ["vpm", foundingFacts.renames.vpm, foundingFacts.tensors.vpm],
      ["resampler", foundingFacts.renames.resampler, foundingFacts.tensors.resampler],
    ])
      await expect(
        main.getByRole("row", { name: `${from} ${to} ${t.renamed} ${count}`, exact: true }),
      ).toBeVisible();

    const ids = foundingFacts.redefinedIds;
    expect(ids).toHaveLength(13);
    for (const id of ids)
      await expect(main.getByRole("rowheader", { name: String(id), exact: true })).toHaveCount(1);

    await expect(main.getByText(t.leftover)).toContainText(foundingFacts.leftoverName);
    await expect(main.getByText(t.total)).toBeVisible();
    await expect(main.getByText(t.equal)).toBeVisible();
    await expect(main.getByText(t.changed)).toBeVisible();
    await expect(main.getByText(t.removed)).toBeVisible();
    // Nothing was renamed and nothing added in the configuration: no such group.
    await expect(main.getByText(t.added)).toHaveCount(0);
    for (const key of foundingFacts.differentKeys)
      await expect(main.locator(".edit-key", { hasText: new RegExp(`^${key}$`) })).toBeVisible();
    await expect(main.getByText(t.relation, { exact: true }).first()).toBeVisible();
    await expect(main.getByText(t.untested)).toBeVisible();
    expect(await page.content()).toContain(digest);
  });
}

test("after the repository is deleted, the capsule still gives the digest", async ({ request }) => {
  const at = `${given("ORIGIN")}/api/v1/runs/${run}`;
  const result = join(folder, "result.json");
  const capsule = join(folder, "capsule.tar");
  await writeFile(result, await (await request.get(`${at}/result`)).body());
  await writeFile(capsule, await (await request.get(`${at}/capsule`)).body());
  expect(served).toHaveLength(3);
  for (const name of served) await caseTool("--delete", name);

  const gone = await slipmark("reproduce", result);
  expect(gone.code, gone.stderr).not.toBe(0);
  const kept = await slipmark("reproduce", result, "--capsule", capsule, "--json");
  expect(kept.code, kept.stderr).toBe(0);
  expect(JSON.parse(kept.stdout)).toMatchObject({ same: true, computed: { digest } });
});
