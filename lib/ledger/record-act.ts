import { randomBytes } from "node:crypto";
import type { Transaction } from "@/lib/platform/database";
import type { ActorRole, Facts, Predicate, UsedKind } from "./predicates";
import { type Subject, statementBytes } from "./statement";
import { storePayload } from "./store-payload";

export interface Act<Kind extends UsedKind> {
  readonly kind: Kind;
  /** The page it belongs to: "model:mdl_…", "case:SLP-…", "run:run_…". */
  readonly about: string;
  readonly subjects: readonly Subject[];
  readonly predicate: Facts<Kind>;
  /** In which capacity; the public name is stored as a payload of its own. Left out: the site acted by itself. */
  readonly actor?: { readonly role: ActorRole; readonly name: string | null };
  /** The command's idempotency key, e.g. "register:mdl_…". The same act twice is one entry. */
  readonly dedupKey: string;
  /** Our claim of the time: the command's clock. */
  readonly t: Date;
}

/**
 * Writes the outbox row of a public act inside the caller's transaction, so that it exists exactly when the act does.
 * A second call with the same dedup key changes nothing: log_dedup outlives log_pending, which the log empties.
 */
export async function recordAct<Kind extends UsedKind>(tx: Transaction, act: Act<Kind>): Promise<void> {
  const { count } = await tx.logDedup.createMany({
    data: [{ key: act.dedupKey, kind: act.kind, createdAt: act.t }],
    skipDuplicates: true,
  });
  if (count === 0) return;

  const name = act.actor?.name ?? null;
  const predicate = {
    ...act.predicate,
    salt: randomBytes(32).toString("hex"),
    actor: act.actor
      ? {
          role: act.actor.role,
          name: name === null ? null : await storePayload(tx, Buffer.from(name, "utf8")),
        }
      : { role: "site", name: null },
  } as unknown as Predicate<Kind>;
  const statement = statementBytes(act.kind, act.subjects, predicate);
  await tx.logPending.create({
    data: {
      dedupKey: act.dedupKey,
      kind: act.kind,
      statement: statement.json,
      statementSha256: statement.sha256,
      about: act.about,
      t: act.t,
    },
  });
}
