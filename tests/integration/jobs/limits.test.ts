import { afterAll, expect, test, vi } from "vitest";
import { connect } from "@/lib/platform/database";
import { createListener } from "@/lib/platform/notify";
import { pagesChanged, pagesChannel } from "@/lib/platform/pages";
import { consume } from "@/lib/platform/rate-limit";
import { pauseAsked, sourceBudget } from "@/lib/platform/rate-limit/source-budget";
import { testDatabase } from "../../support/database";

const { url, db } = await testDatabase();
const other = connect(url);
afterAll(() => other.$disconnect());

test("points are shared by processes, and the refusal says when to come back", async () => {
  const limit = { name: "check", key: "192.0.2.1", points: 3, seconds: 60 };
  expect((await consume(db, limit)).remaining).toBe(2);
  expect((await consume(other, limit)).remaining).toBe(1);
  expect((await consume(db, limit)).remaining).toBe(0);
  const refused = await consume(other, limit).catch((error) => error);
  expect(refused).toMatchObject({ code: "too-many-requests" });
  expect(refused.detail.retryAfter).toBeGreaterThan(0);
  expect(refused.detail.retryAfter).toBeLessThanOrEqual(60);
  expect((await consume(db, { ...limit, key: "192.0.2.2" })).remaining).toBe(2);
});

test("at the same moment nobody gets a point twice", async () => {
  const limit = { name: "check", key: "burst", points: 10, seconds: 60 };
  const results = await Promise.allSettled(
    Array.from({ length: 25 }, (_, index) => consume(index % 2 ? db : other, limit)),
  );
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(10);
});

test("a Retry-After that one worker saw stops the other one, and only for that host", async () => {
  const one = sourceBudget(db, { requests: 100, maxWaitMs: 10_000 });
  const waits: string[] = [];
  const two = sourceBudget(other, { requests: 100, maxWaitMs: 10_000, onWait: (host) => waits.push(host) });
  await one.acquire("hub.example");
  one.observed("hub.example", { retryAfter: 1 });
  await vi.waitFor(async () =>
    expect(await db.rateLimit.findFirst({ where: { points: { gt: 100 } } })).not.toBeNull(),
  );
  await two.acquire("elsewhere.example");
  expect(waits).toEqual([]);
  const asked = Date.now();
  await two.acquire("hub.example");
  expect(waits[0]).toBe("hub.example");
  expect(Date.now() - asked).toBeGreaterThan(400);
});

test("a wait longer than allowed is refused as rate-limited, with host and seconds", async () => {
  const budget = sourceBudget(db, { requests: 1, maxWaitMs: 100 });
  await budget.acquire("slow.example");
  await expect(budget.acquire("slow.example")).rejects.toMatchObject({
    code: "rate-limited",
    detail: { host: "slow.example" },
  });
});

test("what a far side's headers ask for", () => {
  expect(pauseAsked({})).toBeNull();
  expect(pauseAsked({ remaining: 4, reset: 100 })).toBeNull();
  expect(pauseAsked({ remaining: 0, reset: 12.2 })).toBe(13);
  expect(pauseAsked({ retryAfter: 7 })).toBe(7);
  expect(pauseAsked({ retryAfter: 10 ** 9 })).toBe(900);
  expect(pauseAsked({ retryAfter: Number.NaN })).toBeNull();
});

test("changed pages are told on commit, and the listener survives a broken connection", async () => {
  const listener = createListener(url);
  const heard: (string | null)[] = [];
  listener.subscribe(pagesChannel, (payload) => heard.push(payload));
  await vi.waitFor(() => expect(heard).toEqual([null]), { timeout: 5_000 });
  await db.$transaction(async (tx) => {
    await pagesChanged(tx, ["/cases/SLP-2026-0001", "/", "/"]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).toHaveLength(1);
  });
  await vi.waitFor(() => expect(heard[1]).toBe('["/cases/SLP-2026-0001","/"]'));
  await db.$queryRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'slipmark listen' AND datname = current_database()`;
  await vi.waitFor(() => expect(heard.slice(2)).toEqual([null]), { timeout: 5_000 });
  await pagesChanged(db, ["/models"]);
  await vi.waitFor(() => expect(heard.at(-1)).toBe('["/models"]'));
  await listener.close();
});
