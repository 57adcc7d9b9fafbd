import { randomBytes } from "node:crypto";

const place = globalThis as typeof globalThis & { [key: symbol]: string | undefined };
const name = Symbol.for("slipmark.revalidate-secret");

/** The secret of this process's own revalidation route: never leaves the process, new at every start. */
export function revalidateSecret(): string {
  place[name] ??= randomBytes(32).toString("hex");
  return place[name];
}
