import { expect, test } from "vitest";
import { heldActs } from "@/lib/ledger/server";
import {
  captureRelease,
  modelPage,
  registerModel,
  supersedeModel,
  withdrawModel,
} from "@/lib/registry/server";
import { testDatabase } from "@/tests/support/database";
import { hubRepository } from "@/tests/support/hub";
import { registryWorld } from "./support";

const { db } = await testDatabase();
const names = ["one", "two", "three", "four"].map((name) => `north-lab/slip-${name}`);
const world = await registryWorld(
  db,
  names.map((name) => hubRepository(name, { "config.json": { name }, "README.md": "# Slip\n" })),
);
const owner = await world.member("竹里 Bamboo");
const other = await world.member("Somebody Else");

async function registered(name: string, viewer = owner): Promise<string> {
  const { captureId } = await captureRelease(world.as(viewer), `hf:${name}`);
  return (await registerModel(world.as(viewer), { captureId, name })).modelId;
}
const supersede = (modelId: string, by: string, viewer = owner, ownKey?: boolean) =>
  supersedeModel(world.as(viewer), { modelId, by, reason: "new-revision", ...(ownKey ? { ownKey } : {}) });

test("the registrant says what takes a registration's place: once, with both pages and an entry saying so", async () => {
  const [one, two, three] = await Promise.all(names.slice(0, 3).map((name) => registered(name)));
  if (!one || !two || !three) throw new Error("three are registered");
  const foreign = await registered(names[3] as string, other);
  const refused = (by: string, fields: object) =>
    expect(supersede(one, by)).rejects.toMatchObject({ code: "invalid-input", fields });
  await refused(one, { by: "same" });
  await refused(foreign, { by: "not-yours" });
  await expect(supersede(one, foreign, other)).rejects.toMatchObject({ code: "not-allowed" });

  await supersede(one, two, owner, true);
  expect(await modelPage(world.as(other), one)).toMatchObject({
    state: "registered",
    supersededBy: { id: two, name: names[1], at: world.now, reason: "new-revision" },
    entries: expect.arrayContaining([expect.objectContaining({ kind: "supersede" })]),
  });
  expect((await modelPage(world.as(other), two))?.supersedes).toMatchObject([{ id: one, name: names[0] }]);
  const row = await db.logPending.findUniqueOrThrow({ where: { dedupKey: `supersede:${one}` } });
  expect(JSON.parse(row.statement)).toMatchObject({
    subject: [{ name: `hf:${names[0]}` }, { name: `hf:${names[1]}` }],
    predicate: { what: "model", id: one, by: two, reason: "new-revision", actor: { role: "registrant" } },
  });
  expect((await heldActs(world.as(owner))).map(({ kind }) => kind)).toEqual(["supersede"]);

  // Once for ever; a replaced one replaces nothing, so that no chain closes; nor does a withdrawn one.
  await expect(supersede(one, three)).rejects.toMatchObject({ code: "already-done" });
  await expect(supersede(two, one)).rejects.toMatchObject({ fields: { by: "not-standing" } });
  await withdrawModel(world.as(owner), { modelId: three, reason: "mistaken" });
  await expect(supersede(two, three)).rejects.toMatchObject({ fields: { by: "not-standing" } });
  await expect(supersede(three, two)).rejects.toMatchObject({ code: "already-done" });
});
