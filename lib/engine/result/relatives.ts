import type { PooledStatistics } from "../methods/weights-independence/schema";

interface MeasuredControl {
  readonly position: number;
  readonly related?: boolean;
  readonly against: { readonly original: PooledStatistics | null; readonly suspect: PooledStatistics | null };
}

/** Whether a control is itself not independent of a side: it then shows kinship, not chance, and must be named so. */
export function isRelative({ related, against }: MeasuredControl): boolean {
  if (related !== undefined) return related;
  return [against.original, against.suspect].some(
    (pooled) => pooled !== null && pooled.critical.e6 !== null && pooled.matched >= pooled.critical.e6,
  );
}
