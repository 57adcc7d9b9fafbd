import type { Database } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { isConnected } from "./connected";
import { provedNamespaces } from "./namespaces";

/** How somebody stands to the author of a set, as far as we can know. */
export type Standing =
  | "independent"
  /** The author, who registered its model, or who speaks for its namespace. */
  | "connected"
  /** Nobody can be reached: no verified e-mail address and no linked identity; or the account is gone. */
  | "unverified"
  /** The account was made after the set was committed: it could have been made for it. */
  | "newer";

export async function standingOf(db: Database, set: CanarySet, userId: string): Promise<Standing> {
  if (await isConnected(db, set, userId)) return "connected";
  const user = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { emailVerified: true, createdAt: true, deletedAt: true, _count: { select: { accounts: true } } },
  });
  const reachable = user.emailVerified !== null || user._count.accounts > 0;
  if (!reachable || user.deletedAt !== null) return "unverified";
  return user.createdAt < set.createdAt ? "independent" : "newer";
}

/** Whether two accounts speak for one namespace: they count as one person. Null is this instance. */
export async function shareNamespace(
  db: Database,
  one: string | null,
  other: string | null,
): Promise<boolean> {
  if (one === null || other === null) return false;
  if (one === other) return true;
  const [first, second] = await Promise.all([provedNamespaces(db, one), provedNamespaces(db, other)]);
  const names = new Set(first.map(({ name }) => name.toLowerCase()));
  return second.some(({ name }) => names.has(name.toLowerCase()));
}
