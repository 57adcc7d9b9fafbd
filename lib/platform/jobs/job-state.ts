export type JobState = "queued" | "running" | "finished" | "failed" | "cancelled";

/** What can happen to a job. "interrupted": the worker stops or the source failed for now; another attempt follows. */
export type JobEvent = "claim" | "interrupt" | "finish" | "fail" | "cancel";

const transitions: Readonly<Record<JobState, Partial<Record<JobEvent, JobState>>>> = {
  queued: { claim: "running", fail: "failed", cancel: "cancelled" },
  // A second "claim" is the take-over of a job whose worker died; the attempt number fences the first one off.
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
export function afterJobEvent(state: JobState, event: JobEvent): JobState | null {
  return transitions[state][event] ?? null;
}

/** Nothing more will happen to a job in this state. */
export function hasEnded(state: JobState): boolean {
  return Object.keys(transitions[state]).length === 0;
}
