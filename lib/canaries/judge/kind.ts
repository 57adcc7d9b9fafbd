import type { JobKind } from "../job/claimed-job";

/** Channel on which every change of a judging is told; the payload is its id. */
export const canaryJudgeChannel = "slipmark_canary_judge";

export const judgeKind: JobKind = { table: "canary_judge_job", channel: canaryJudgeChannel };
