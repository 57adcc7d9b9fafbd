import type { RunStateName } from "./dto";

/** What can happen to a run. "interrupted": the worker stops or the source failed for now; another attempt follows. */
export type RunEvent = "claim" | "interrupt" | "finish" | "fail" | "cancel";

const transitions: Readonly<Record<RunStateName, Partial<Record<RunEvent, RunStateName>>>> = {
  queued: { claim: "running", fail: "failed", cancel: "cancelled" },
  // A second "claim" is the take-over of a run whose worker died; the attempt number fences the first one off.
  running: {
    claim: "running",
    interrupt: "queued",
    finish: "finished",
    fail: "failed",
    cancel: "cancelled",
  },
  finished: {},
  failed: {},
  cancelled: {},
};

/** The state after an event, or null when the event is not possible there. */
export function afterRunEvent(state: RunStateName, event: RunEvent): RunStateName | null {
  return transitions[state][event] ?? null;
}

/** Nothing more will happen to a run in this state. */
export function hasEnded(state: RunStateName): boolean {
  return Object.keys(transitions[state]).length === 0;
}
