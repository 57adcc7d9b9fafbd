import { randomBytes } from "node:crypto";
import { citedPayloads } from "@/lib/engine/log";
import type { Transaction } from "@/lib/platform/database";
import { appendEntry, type Held } from "./append-entry";
import type { ActorRole, Facts, Predicate, UsedKind } from "./predicates";
import { type Subject, statementBytes } from "./statement";
import { newPayload } from "./store-payload";

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
  /**
   * The log waits until then: for the signature of the author whose id is given (hold-for-author.ts), and, with
   * `untilPublic`, until the page it belongs to is public (release-held-acts.ts).
   */
  readonly held?: Held;
}

/**
 * Writes the outbox row of a public act inside the caller's transaction, so that it exists exactly when the act does.
 * A second call with the same dedup key changes nothing.
 */
export async function recordAct<Kind extends UsedKind>(tx: Transaction, act: Act<Kind>): Promise<void> {
  const name = act.actor?.name ?? null;
  const payload = name === null ? null : newPayload(Buffer.from(name, "utf8"));
  const predicate = {
    ...act.predicate,
    salt: randomBytes(32).toString("hex"),
    actor: { role: act.actor?.role ?? "site", name: payload?.digest ?? null },
  } as unknown as Predicate<Kind>;
  const statement = statementBytes(act.kind, act.subjects, predicate);
  await appendEntry(tx, {
    dedupKey: act.dedupKey,
    kind: act.kind,
    statement: statement.json,
    statementSha256: statement.sha256,
    about: act.about,
    t: act.t,
    payloads: [...citedPayloads({ predicate })].map((digest) => `sha256:${digest}`).sort(),
    ...(payload === null ? {} : { payload }),
    ...(act.held === undefined ? {} : { held: act.held }),
  });
}
