/** What a "commit" statement says beside its model: an act like any other, for tests that need some act. */
export const commitFacts = {
  setId: "ab".repeat(16),
  root: "cd".repeat(32),
  items: 24,
  kind: "natural",
  authorKeyId: null,
  namespace: { kind: "account", name: null },
  terms: null,
  plan: null,
  checkpoint: null,
} as const;
