import type { ByteRange } from "./read-body";

export interface PlanLimits {
  /** A gap of at most so many bytes may be read along rather than be stepped over with a request of its own. */
  readonly maxGapBytes: number;
  /** Most bytes of one request. */
  readonly maxRequestBytes: number;
  /** Most bytes of all gaps together. */
  readonly maxWasteBytes: number;
}

export interface RequestPlan {
  /** Sorted, disjoint; together they cover every range that was asked for. */
  readonly requests: readonly ByteRange[];
  /** Bytes in them that nobody asked for. */
  readonly wastedBytes: number;
}

/**
 * Which requests to send for ranges of one file: overlapping and touching ranges become one, the smallest gaps are
 * bridged first while the waste allows it, and what is longer than a request is cut into equal parts.
 */
export function planRequests(asked: readonly ByteRange[], limits: PlanLimits): RequestPlan {
  const islands = unionOf(asked);
  const { firstOf, lastOf, wastedBytes } = bridge(islands, limits);
  const requests: ByteRange[] = [];
  for (let i = 0; i < islands.length; i += 1) {
    if (firstOf[i] !== i) continue;
    const start = (islands[i] as ByteRange).start;
    const end = (islands[lastOf[i] as number] as ByteRange).end;
    requests.push(...cut(start, end, limits.maxRequestBytes));
  }
  return { requests, wastedBytes };
}

function unionOf(asked: readonly ByteRange[]): ByteRange[] {
  const sorted = asked.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  const islands: { start: number; end: number }[] = [];
  for (const { start, end } of sorted) {
    const last = islands.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else islands.push({ start, end });
  }
  return islands;
}

/** Per island the first and the last island of the run it was joined to; only the ends of a run are kept right. */
function bridge(islands: readonly ByteRange[], limits: PlanLimits) {
  const firstOf = islands.map((_, i) => i);
  const lastOf = islands.map((_, i) => i);
  const gap = (i: number) => (islands[i + 1] as ByteRange).start - (islands[i] as ByteRange).end;
  const narrow = islands
    .slice(0, -1)
    .map((_, i) => i)
    .filter((i) => gap(i) <= limits.maxGapBytes)
    .sort((a, b) => gap(a) - gap(b) || a - b);
  let wastedBytes = 0;
  for (const i of narrow) {
    if (wastedBytes + gap(i) > limits.maxWasteBytes) break;
    const first = firstOf[i] as number;
    const last = lastOf[i + 1] as number;
    // A run longer than a request would be cut again: nothing gained.
    if ((islands[last] as ByteRange).end - (islands[first] as ByteRange).start > limits.maxRequestBytes)
      continue;
    lastOf[first] = last;
    firstOf[last] = first;
    if (i + 1 !== last) firstOf[i + 1] = first;
    wastedBytes += gap(i);
  }
  return { firstOf, lastOf, wastedBytes };
}

function cut(start: number, end: number, most: number): ByteRange[] {
  const parts = Math.ceil((end - start) / most);
  const length = Math.ceil((end - start) / parts);
  return Array.from({ length: parts }, (_, k) => ({
    start: start + k * length,
    end: Math.min(end, start + (k + 1) * length),
  })).filter((part) => part.end > part.start);
}
