import type { Database } from "@/lib/platform/database";

type Reader = Pick<Database, "logState" | "logSignature" | "logTimestamp">;

/** How far the log and what vouches for it reach: an entry whose index is below a size is covered by it. */
export interface Reach {
  /** Size of the newest checkpoint that readers can fetch. */
  readonly published: number;
  /** Size of the newest checkpoint that a witness has signed; 0 for none. */
  readonly witnessed: number;
  /** Size of the newest checkpoint that an outside authority has dated; 0 for none. */
  readonly timestamped: number;
}

/** Where one public act stands. */
export type ProofState =
  | { readonly state: "waiting" }
  | {
      readonly state: "logged" | "redacted";
      readonly index: number;
      /** Size of the checkpoint it is under. */
      readonly size: number;
      readonly witnessed: boolean;
      readonly timestamped: boolean;
    };

export async function reachOf(db: Reader): Promise<Reach> {
  const [state, signature, timestamp] = await Promise.all([
    db.logState.findUnique({ where: { id: 1 }, select: { publishedSize: true } }),
    db.logSignature.findFirst({
      where: { signer: "witness" },
      orderBy: { size: "desc" },
      select: { size: true },
    }),
    db.logTimestamp.findFirst({ orderBy: { size: "desc" }, select: { size: true } }),
  ]);
  return {
    published: Number(state?.publishedSize ?? 0),
    witnessed: Number(signature?.size ?? 0),
    timestamped: Number(timestamp?.size ?? 0),
  };
}

/** An entry that no published checkpoint covers yet is still waiting: nobody could check it. */
export function proofState(index: number, reach: Reach, redacted: boolean): ProofState {
  if (index >= reach.published) return { state: "waiting" };
  return {
    state: redacted ? "redacted" : "logged",
    index,
    size: reach.published,
    witnessed: index < reach.witnessed,
    timestamped: index < reach.timestamped,
  };
}
