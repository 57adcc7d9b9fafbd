import { canaryJudgeAbout } from "@/lib/engine/canary/judge/about";
import type { Database } from "@/lib/platform/database";

/** A version that had a part in what an entry states, and was recalled since. */
export interface EntryRecall {
  readonly method: string;
  readonly version: string;
  /** Entry of the recall; null while it waits for the log. */
  readonly index: number | null;
}

interface Used {
  readonly method: string;
  readonly version: string;
}

/** Recalls of the methods by which a "verify" statement came about; none for every other statement. */
export async function recallsOf(
  db: Pick<Database, "logEntry" | "logPending">,
  statement: string,
): Promise<readonly EntryRecall[]> {
  const used = usedIn(statement);
  if (used.length === 0) return [];
  const where = { dedupKey: { in: used.map(keyOf) } };
  // Pending rows first: an act that is appended in between is then seen twice rather than not at all.
  const pending = await db.logPending.findMany({ where, select: { dedupKey: true } });
  const entries = await db.logEntry.findMany({ where, select: { dedupKey: true, index: true } });
  const found = new Map<string, number | null>([
    ...pending.map(({ dedupKey }) => [dedupKey, null] as const),
    ...entries.map(({ dedupKey, index }) => [dedupKey, Number(index)] as const),
  ]);
  return used.flatMap((one) => {
    const index = found.get(keyOf(one));
    return index === undefined ? [] : [{ ...one, index }];
  });
}

const keyOf = ({ method, version }: Used): string => `recall:${method}@${version}`;

function usedIn(statement: string): readonly Used[] {
  const { predicate } = JSON.parse(statement) as { readonly predicate: Readonly<Record<string, unknown>> };
  const stated = predicate["urn:slipmark:statement:verify:v1"] as
    | { readonly methods?: readonly Used[]; readonly version?: string }
    | undefined;
  if (stated?.version !== undefined) return [{ method: canaryJudgeAbout.id, version: stated.version }];
  return (stated?.methods ?? []).map(({ method, version }) => ({ method, version }));
}
