/** Hex digests of the payloads that a statement cites: every string "sha256:" + 64 digits in its predicate, once each. */
export function citedPayloads(statement: string): string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === "string") {
      const digest = /^sha256:([0-9a-f]{64})$/.exec(value)?.[1];
      if (digest !== undefined) found.add(digest);
    } else if (typeof value === "object" && value !== null) {
      for (const one of Object.values(value)) look(one);
    }
  };
  look((JSON.parse(statement) as { predicate?: unknown }).predicate);
  return [...found].sort();
}
