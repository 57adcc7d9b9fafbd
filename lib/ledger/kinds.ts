/**
 * Kinds of public acts, version 1 of the list. The list is closed: a new kind is a new version of the schema,
 * added here before anything uses it. Kinds whose predicate is not in predicates.ts yet are reserved, not usable.
 */
export const ledgerKinds = [
  "register",
  "commit",
  "responses",
  "reveal",
  "capture",
  "open",
  "notify",
  "state",
  "claim",
  "evidence",
  "reply",
  "request",
  "verify",
  "reproduce",
  "finding",
  "outcome",
  "correct",
  "withdraw",
  "supersede",
  "observe",
  "namespace",
  "moderate",
  "appeal",
  "recall",
  "tombstone",
  "rotate",
] as const;

export type LedgerKind = (typeof ledgerKinds)[number];
