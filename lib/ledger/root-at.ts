import { rootFromTiles } from "@/lib/engine/log";
import type { Database } from "@/lib/platform/database";

/**
 * Hex root of the tree of the first `size` entries, whether a checkpoint was signed at that size or not: every later one
 * proves it. Null while the log has not published that many.
 */
export async function rootAt(
  db: Pick<Database, "logState" | "logTile">,
  size: number,
): Promise<{ readonly origin: string; readonly root: string } | null> {
  const state = await db.logState.findUnique({ where: { id: 1 } });
  if (state === null || state.publishedSize < size) return null;
  const root = await rootFromTiles(size, async ({ level, index }) => {
    const key = { level: Number(level), index: BigInt(index) };
    const row = await db.logTile.findUnique({ where: { level_index: key } });
    if (row === null) throw new Error(`tile ${level}/${index} is missing from the database`);
    return new Uint8Array(row.bytes);
  });
  return { origin: state.origin, root: Buffer.from(root).toString("hex") };
}
