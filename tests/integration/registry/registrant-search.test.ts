import { expect, test } from "vitest";
import { renameAccount } from "@/lib/accounts/rename-account";
import { listModels, previewRelease, registerModel } from "@/lib/registry/server";
import { original, testInstance } from "../verification/support";

const site = await testInstance();

test("a registration is found under its registrant's present name, not under one that was given up", async () => {
  const author = await site.user("Wang Legalname");
  const ctx = site.as(author);
  const { captureId } = await previewRelease(ctx, `hf:${original.name}`);
  await registerModel(ctx, { captureId, name: "Bamboo" });
  const found = async (q: string) => (await listModels(site.ctx, { q })).total;
  expect(await found("legalname")).toBe(1);
  await renameAccount(ctx, { name: "quiet heron" });
  expect(await found("Quiet Her")).toBe(1);
  expect(await found("legalname")).toBe(0);
  expect(await found("bamboo")).toBe(1);
  expect(await found("")).toBe(1);
  expect(await found("zz\u0000b")).toBe(0);
});
