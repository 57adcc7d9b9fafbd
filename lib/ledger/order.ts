import { z } from "zod";
import { equal, fromHex, hex } from "@/lib/engine/log";
import type { Database } from "@/lib/platform/database";
import { rootAt } from "./root-at";

/**
 * How an act names what came before it: the checkpoint that it has seen. An act that has to be later than another one
 * holds this in its statement; nobody can know a root before the tree is there.
 */
export const checkpointCitation = z.strictObject({
  origin: z.string().min(1).max(255),
  size: z.int().min(1),
  /** Hex. */
  root: z.string().regex(/^[0-9a-f]{64}$/),
});
export type CheckpointCitation = z.infer<typeof checkpointCitation>;

export type OrderReason =
  /** In order. */
  | "ordered"
  /** There is no such entry. */
  | "not-logged"
  /** The later one cites no checkpoint. */
  | "not-cited"
  /** It cites a checkpoint of another log, or a root that this log never had. */
  | "foreign-checkpoint"
  /** The cited checkpoint does not hold the earlier entry, or holds the later one itself. */
  | "not-covered"
  /** Nobody outside has signed or dated the cited checkpoint, or what they wrote is lost: the order rests on our word. */
  | "our-word"
  /** Somebody did, but after the later one was written. */
  | "vouched-too-late";

export interface Order {
  readonly ordered: boolean;
  readonly reason: OrderReason;
}

/** How far an outside clock and ours may differ. */
const skewMs = 300_000;

/**
 * Whether entry `earlier` counts as earlier than entry `later` (CANARIES.md, "The order that makes it evidence"): it lies
 * inside a published, witnessed or timestamped checkpoint that the later one cites. Index and dates alone never do: they
 * are our word. `cites` comes out of the later one's signed statement.
 */
export async function orderOf(
  db: Database,
  earlier: number,
  later: { readonly index: number; readonly cites: CheckpointCitation | null },
): Promise<Order> {
  const no = (reason: OrderReason): Order => ({ ordered: false, reason });
  const [entry, state] = await Promise.all([
    db.logEntry.findUnique({ where: { index: BigInt(later.index) }, select: { t: true } }),
    db.logState.findUnique({ where: { id: 1 } }),
  ]);
  if (entry === null || state === null) return no("not-logged");
  const cited = later.cites;
  if (cited === null) return no("not-cited");
  if (cited.origin !== state.origin) return no("foreign-checkpoint");
  if (earlier < 0 || earlier >= cited.size || cited.size > later.index) return no("not-covered");
  const size = BigInt(cited.size);
  const [checkpoint, lines, tokens] = await Promise.all([
    db.logCheckpoint.findUnique({ where: { size } }),
    db.logSignature.findMany({ where: { size } }),
    db.logTimestamp.findMany({ where: { size }, select: { time: true } }),
  ]);
  const published = checkpoint !== null && size <= state.publishedSize && lines.some(isLogs);
  if (!published || !equal(new Uint8Array(checkpoint.root), fromHex(cited.root, 32)))
    // Checkpoints from after a backup are gone once it was put back: a root that follows from the tiles is this log's.
    return no((await rootAt(db, cited.size))?.root === cited.root ? "our-word" : "foreign-checkpoint");
  const vouched = [
    ...lines.filter((line) => !isLogs(line)).map((line) => line.time ?? line.createdAt),
    ...tokens.map(({ time }) => time),
  ];
  if (vouched.length === 0) return no("our-word");
  const first = Math.min(...vouched.map((time) => time.getTime()));
  return first > entry.t.getTime() + skewMs ? no("vouched-too-late") : { ordered: true, reason: "ordered" };
}

export async function isOrderedBefore(
  db: Database,
  earlier: number,
  later: { readonly index: number; readonly cites: CheckpointCitation | null },
): Promise<boolean> {
  return (await orderOf(db, earlier, later)).ordered;
}

/**
 * The checkpoint that an act written now should cite to be later than everything in it: the newest published one that a
 * witness has signed or an authority dated. Null when there is none: what depends on an order then rests on our word.
 */
export async function citableCheckpoint(
  db: Pick<Database, "logState" | "logSignature" | "logTimestamp" | "logCheckpoint">,
): Promise<CheckpointCitation | null> {
  const state = await db.logState.findUnique({ where: { id: 1 } });
  if (state === null) return null;
  const size = { lte: state.publishedSize };
  const [line, token] = await Promise.all([
    db.logSignature.findFirst({ where: { signer: "witness", size }, orderBy: { size: "desc" } }),
    db.logTimestamp.findFirst({ where: { size }, orderBy: { size: "desc" } }),
  ]);
  const sizes = [line, token].flatMap((row) => (row === null ? [] : [row.size]));
  const newest = sizes.reduce<bigint>((most, one) => (one > most ? one : most), 0n);
  const checkpoint = await db.logCheckpoint.findUnique({ where: { size: newest } });
  return checkpoint === null
    ? null
    : { origin: state.origin, size: Number(newest), root: hex(new Uint8Array(checkpoint.root)) };
}

const isLogs = ({ signer }: { signer: string }): boolean => signer === "log";
