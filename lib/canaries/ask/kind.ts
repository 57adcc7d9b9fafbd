import type { JobKind } from "../job/claimed-job";

/** Channel on which every change of a questioning is told; the payload is its id. */
export const canaryAskChannel = "slipmark_canary_ask";

export const askKind: JobKind = { table: "canary_ask_job", channel: canaryAskChannel };
