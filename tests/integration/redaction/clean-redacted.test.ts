import { afterAll, expect, test, vi } from "vitest";
import { notify } from "@/lib/platform/notify";
import { createListener } from "@/lib/platform/notify/listener";
import { cleanRedacted } from "@/lib/platform/pages/clean-redacted";
import { redactionChannel } from "@/lib/platform/pages/redaction-channel";
import { testDatabase } from "@/tests/support/database";

const { url, db } = await testDatabase();
const listener = createListener(url);
afterAll(() => listener.close());

const redaction = (id: string) => ({
  id,
  dedupKey: `claim:SLP-2026-0001:${id}`,
  scope: "entry",
  kind: "claim",
  about: "case:SLP-2026-0001",
  reason: "privacy",
  authority: "ab".repeat(32),
  proposedById: "usr_1",
  proposedAt: new Date(),
  erasedById: "usr_1",
  erasedAt: new Date(),
  paths: [`/cases/${id}`],
});

test("a site process cleans what it hears of, tries again what failed, and finds what it missed", async () => {
  const cleaned: string[][] = [];
  const errors: unknown[] = [];
  let broken = true;
  const site = cleanRedacted({
    db,
    listener,
    everyMs: 300,
    onError: (error) => errors.push(error),
    clean: async (paths) => {
      cleaned.push([...paths]);
      if (broken) throw new Error("not yet");
    },
  });
  await vi.waitFor(
    async () => expect(await db.siteProcess.count({ where: { id: site.id } })).toBe(1),
    10_000,
  );
  const said = (redactionId: string) =>
    db.logRedactionSite.count({ where: { redactionId, processId: site.id } });

  await db.$transaction(async (tx) => {
    await tx.logRedaction.create({ data: redaction("heard") });
    await notify(tx, redactionChannel, "heard");
  });
  await vi.waitFor(() => expect(errors.length).toBeGreaterThan(0), 10_000);
  expect(await said("heard")).toBe(0);
  broken = false;
  await vi.waitFor(async () => expect(await said("heard")).toBe(1), 10_000);
  expect(cleaned.at(-1)).toEqual(["/cases/heard"]);

  // No notification, as after a broken connection: the next sign of life finds it.
  await db.logRedaction.create({ data: redaction("missed") });
  await vi.waitFor(async () => expect(await said("missed")).toBe(1), 10_000);
  // What is done already is cleaned, too, by a process that was there before and was not heard of meanwhile.
  await db.logRedaction.create({ data: { ...redaction("late"), cleanAt: new Date() } });
  await vi.waitFor(async () => expect(await said("late")).toBe(1), 10_000);
  // Not what was done long before this process began.
  await db.logRedaction.create({
    data: { ...redaction("before"), erasedAt: new Date(0), cleanAt: new Date(0) },
  });
  // A proposal is nothing to clean.
  await db.logRedaction.create({ data: { ...redaction("proposed"), erasedAt: null, erasedById: null } });
  const rounds = (await db.siteProcess.findUniqueOrThrow({ where: { id: site.id } })).seenAt.getTime();
  await vi.waitFor(async () => {
    const { seenAt } = await db.siteProcess.findUniqueOrThrow({ where: { id: site.id } });
    expect(seenAt.getTime()).toBeGreaterThan(rounds + 600);
  }, 10_000);
  expect(await Promise.all(["before", "proposed"].map(said))).toEqual([0, 0]);
  await site.stop();
  expect(await db.siteProcess.count()).toBe(0);
});
