import { expect, test } from "vitest";
import type { RunStateName } from "./dto";
import { afterRunEvent, hasEnded, type RunEvent } from "./state";

const table: [RunStateName, RunEvent, RunStateName | null][] = [
  ["queued", "claim", "running"],
  ["queued", "interrupt", null],
  ["queued", "finish", null],
  ["queued", "fail", "failed"],
  ["queued", "cancel", "cancelled"],
  ["running", "claim", "running"],
  ["running", "interrupt", "queued"],
  ["running", "finish", "finished"],
  ["running", "fail", "failed"],
  ["running", "cancel", "cancelled"],
];

test.each(table)("%s + %s → %s", (state, event, expected) => {
  expect(afterRunEvent(state, event)).toBe(expected);
});

test.each(["finished", "failed", "cancelled"] as const)("%s is final", (state) => {
  expect(hasEnded(state)).toBe(true);
  for (const event of ["claim", "interrupt", "finish", "fail", "cancel"] as const)
    expect(afterRunEvent(state, event)).toBeNull();
});

test.each(["queued", "running"] as const)("%s goes on", (state) => {
  expect(hasEnded(state)).toBe(false);
});
