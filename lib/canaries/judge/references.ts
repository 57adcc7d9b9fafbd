import { limits } from "@/lib/engine/canary";
import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import { isConnected } from "../connected";
import type { Judged } from "./authenticity";

export interface References {
  /** In the order in which they were registered, claimed ones last. */
  readonly taken: readonly { readonly row: CanaryAnswerSet; readonly worth: Judged }[];
  readonly leftOut: readonly { readonly id: string; readonly name: string; readonly reason: string }[];
}

/**
 * The references of a set. They are not chosen: all that are registered take part, but for those that somebody connected
 * with the author claims, and those that confirm another's; these stay named. `worthOf`: what an answer set is worth.
 */
export async function referencesOf(
  db: Database,
  set: CanarySet,
  worthOf: (row: CanaryAnswerSet) => Judged | Promise<Judged>,
): Promise<References> {
  const registered = await db.canaryAnswerSet.findMany({
    where: { canarySetId: set.id, role: "reference", redactionId: null },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const weighed: { row: CanaryAnswerSet; worth: Judged }[] = [];
  const leftOut: { id: string; name: string; reason: string }[] = [];
  for (const row of registered) {
    const leave = (reason: string) => leftOut.push({ id: row.id, name: row.name, reason });
    // A second collector's answers vouch for the first one's; they are no further model.
    if (row.confirmsId !== null) {
      leave("confirms-another");
      continue;
    }
    const worth = await worthOf(row);
    const own = row.collectorId !== null && (await isConnected(db, set, row.collectorId));
    if (worth.class === "claimed" && own) leave("claimed-by-author");
    else weighed.push({ row, worth });
  }
  // The judge takes no more; who came first is in, and claims come last, so that nobody can crowd a panel out.
  const isClaim = ({ worth }: { worth: Judged }) => worth.class === "claimed";
  const ordered = [...weighed.filter((one) => !isClaim(one)), ...weighed.filter(isClaim)];
  for (const { row } of ordered.slice(limits.references))
    leftOut.push({ id: row.id, name: row.name, reason: "panel-full" });
  return { taken: ordered.slice(0, limits.references), leftOut };
}
