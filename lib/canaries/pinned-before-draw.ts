import { type Beacon, beaconSchema, timeOfRound } from "@/lib/engine/canary";
import type { Database } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { loggedStep } from "./log-steps";
import { type NamedWeights, pinningEntry } from "./pinned";

/** Whether an entry that somebody outside has dated fixed these weights before the set's items were drawn. */
export async function isPinnedBeforeDraw(
  db: Database,
  set: Pick<CanarySet, "terms">,
  named: NamedWeights,
): Promise<boolean> {
  const beacon = beaconOf(set);
  const pinned = await pinningEntry(db, named);
  const entry = pinned === null ? null : await loggedStep(db, pinned.dedupKey);
  if (entry === null) return false;
  if (beacon?.kind === "drand")
    return entry.noLaterThan !== null && Date.parse(entry.noLaterThan) < timeOfRound(beacon);
  return beacon?.kind === "log-checkpoint" && entry.index < beacon.size;
}

/** What the terms draw from; null without terms. */
export function beaconOf({ terms }: Pick<CanarySet, "terms">): Beacon | null {
  const found = beaconSchema.safeParse((terms as { readonly beacon?: unknown } | null)?.beacon);
  return found.success ? found.data : null;
}
