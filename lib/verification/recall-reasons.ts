/** Why a version of a method no longer counts. Closed: the recall states one of these for ever. */
export const recallReasons = [
  "false-positives",
  "false-negatives",
  "wrong-null",
  "implementation-error",
  "not-reproducible",
] as const;
export type RecallReason = (typeof recallReasons)[number];
