const place = globalThis as typeof globalThis & { [key: symbol]: Set<() => void> | undefined };
const name = Symbol.for("slipmark.forget");

/**
 * Registers how a memory of this process is emptied. On globalThis: Next bundles a module into several chunks, and each
 * has a memory of its own.
 */
export function onForget(forget: () => void): void {
  place[name] ??= new Set();
  place[name].add(forget);
}

/** Empties every registered memory: what was made of texts that have been redacted since must not stay. */
export function forgetAll(): void {
  for (const forget of place[name] ?? []) forget();
}
