import type { Database } from "@/lib/platform/database";

/**
 * On what the date of an entry rests. "our-word": on nothing but our own clock, so that nothing that depends on an order
 * may be computed from it.
 */
export type DateBasisKind = "our-word" | "witnessed" | "timestamped";

export interface DateBasis {
  /** Our claim, fixed when the act was committed. */
  readonly observedAt: string;
  /** The first signed checkpoint over it, and when we made it (our claim too); null while there is none. */
  readonly firstCheckpoint: { readonly size: number; readonly time: string } | null;
  /** Of each witness that signed one of the first witnessed checkpoints over it: the earliest, by its own clock. */
  readonly witnesses: readonly { readonly name: string; readonly size: number; readonly time: string }[];
  /** The first token over it. */
  readonly timestamp: { readonly authority: string; readonly size: number; readonly time: string } | null;
  /** Which of them gives the earliest date that does not rest on us. */
  readonly basis: DateBasisKind;
  /** It existed no later than this, by an outside clock; null when only our word says so. */
  readonly noLaterThan: string | null;
}

/** The first lines after an entry hold those of all witnesses that were there; who joined later dates nothing earlier. */
export const nearestLines = 64;

/** On what the date of entry `index` rests, for pages. Null when there is no such entry. */
export async function dateBasis(db: Database, index: number): Promise<DateBasis | null> {
  const over = { gt: BigInt(index) };
  const [entry, state] = await Promise.all([
    db.logEntry.findUnique({ where: { index: BigInt(index) }, select: { t: true } }),
    db.logState.findUnique({ where: { id: 1 }, select: { publishedSize: true } }),
  ]);
  if (entry === null || state === null) return null;
  const size = { ...over, lte: state.publishedSize };
  const [checkpoint, lines, token] = await Promise.all([
    db.logCheckpoint.findFirst({ where: { size }, orderBy: { size: "asc" } }),
    db.logSignature.findMany({
      where: { signer: "witness", size },
      orderBy: [{ size: "asc" }, { name: "asc" }],
      take: nearestLines,
      select: { name: true, size: true, time: true, createdAt: true },
    }),
    db.logTimestamp.findFirst({ where: { size }, orderBy: [{ size: "asc" }, { time: "asc" }] }),
  ]);
  const witnesses = earliestOfEach(lines);
  const timestamp =
    token === null
      ? null
      : { authority: token.authority, size: Number(token.size), time: token.time.toISOString() };
  const witnessed = witnesses.map(({ time }) => time).sort()[0] ?? null;
  return {
    observedAt: entry.t.toISOString(),
    firstCheckpoint:
      checkpoint === null
        ? null
        : { size: Number(checkpoint.size), time: checkpoint.createdAt.toISOString() },
    witnesses,
    timestamp,
    ...earliest(witnessed, timestamp?.time ?? null),
  };
}

export function earliest(
  witnessed: string | null,
  stamped: string | null,
): Pick<DateBasis, "basis" | "noLaterThan"> {
  if (stamped !== null && (witnessed === null || stamped < witnessed))
    return { basis: "timestamped", noLaterThan: stamped };
  return witnessed === null
    ? { basis: "our-word", noLaterThan: null }
    : { basis: "witnessed", noLaterThan: witnessed };
}

function earliestOfEach(
  lines: readonly { name: string; size: bigint; time: Date | null; createdAt: Date }[],
): DateBasis["witnesses"] {
  const first = new Map<string, { name: string; size: number; time: string }>();
  for (const line of lines) {
    const time = (line.time ?? line.createdAt).toISOString();
    const known = first.get(line.name);
    if (known === undefined || time < known.time)
      first.set(line.name, { name: line.name, size: Number(line.size), time });
  }
  return [...first.values()].sort((a, b) =>
    a.time < b.time ? -1 : a.time > b.time ? 1 : a.name < b.name ? -1 : 1,
  );
}
