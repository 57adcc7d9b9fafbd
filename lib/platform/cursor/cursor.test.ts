import { expect, it } from "vitest";
import { cursorOf, cursorSchema, pageOf } from ".";

const at = new Date("2026-03-01T08:00:00.123Z");

it("comes back as the position it was made of", () => {
  const cursor = cursorOf({ at, id: "mdl_1" });
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(cursorSchema.parse(cursor)).toEqual({ at, id: "mdl_1" });
});

it.each(["", "x", "bnVsbA", Buffer.from('["2026","a"]').toString("base64url"), "a".repeat(201)])(
  "refuses %j",
  (text) => {
    expect(cursorSchema.safeParse(text).success).toBe(false);
  },
);

it("names a next page only where there is one", () => {
  const rows = ["c", "b", "a"].map((id) => ({ id, createdAt: at }));
  expect(pageOf(rows, 2)).toEqual({ rows: rows.slice(0, 2), next: cursorOf({ at, id: "b" }) });
  expect(pageOf(rows, 3).next).toBeNull();
  expect(pageOf([], 3)).toEqual({ rows: [], next: null });
});
