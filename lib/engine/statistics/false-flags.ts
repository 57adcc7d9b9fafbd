/** What a result prints of a calibration: flags seen among pairs known to be unrelated; null before any was run. */
export function falseFlags({
  observed,
  of,
}: {
  readonly observed: number;
  readonly of: number;
}): { readonly observed: number; readonly of: number } | null {
  return of > 0 ? { observed, of } : null;
}
