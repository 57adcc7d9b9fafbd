import type { ClientBase } from "pg";
import { equal } from "@/lib/engine/log";

/** The database is behind, or beside, what was signed before. Nothing is signed until it has been recovered. */
export class ForkDanger extends Error {
  override readonly name = "ForkDanger";
}

/** Somebody else's knowledge of how far this log has come: our published checkpoint, a witness. */
export interface KnownHead {
  readonly who: string;
  readonly size: number;
  /** Null when only the size is known. */
  readonly root: Uint8Array | null;
}

/** Throws ForkDanger unless our tree of `size` entries begins with what somebody knows of it. */
export async function requireContains(client: ClientBase, size: number, known: KnownHead): Promise<void> {
  if (known.size > size)
    throw new ForkDanger(
      `${known.who} knows ${known.size} entries of this log, the database has ${size}: it was put back to an earlier state`,
    );
  if (known.root === null || known.size === 0) return;
  const { rows } = await client.query<{ root: Buffer }>("SELECT root FROM log_checkpoint WHERE size = $1", [
    known.size,
  ]);
  const ours = rows[0]?.root;
  if (ours === undefined || !equal(new Uint8Array(ours), known.root))
    throw new ForkDanger(`${known.who} knows another tree of ${known.size} entries under this log's name`);
}
