import { appendCaseEvent, findCase } from "@/lib/cases/server";
import { pageAbout } from "@/lib/ledger";
import { leaveToInstance, recordAct } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import { notify } from "@/lib/platform/notify";
import { pagesChanged } from "@/lib/platform/pages";
import { redactionChannel } from "@/lib/platform/pages/redaction-channel";
import { eraseName } from "./erase-name";
import { eraseWords } from "./erase-words";
import { actorName, type FoundAct } from "./find-act";

interface Redaction {
  readonly id: string;
  readonly dedupKey: string;
  readonly scope: string;
  readonly reason: string;
  readonly authority: string;
}

const hexOf = (digest: string) => digest.replace(/^sha256:/, "");

/**
 * Carries a redaction out inside the caller's transaction: payloads with their salts, the statement with its salt, what
 * the act put on pages, and the tombstone in its place. The leaf stays, and with it every proof. An act that still waits
 * for the log loses its words and payloads at once; its statement, which holds no words, is erased when it has a number.
 */
export async function eraseAct(
  ctx: Pick<Context, "clock" | "jobs">,
  tx: Transaction,
  redaction: Redaction,
  act: FoundAct,
  by: { readonly userId: string; readonly name: string | null },
): Promise<void> {
  const now = ctx.clock.now();
  const { id } = redaction;
  // First: the triggers of append-only tables look for it.
  const known = await tx.logRedaction.update({
    where: { id },
    data: {
      erasedAt: now,
      erasedById: by.userId,
      ...(act.index === null ? {} : { index: BigInt(act.index) }),
    },
  });
  const erased = await eraseIn(tx, redaction, act);
  const paths = [
    ...new Set([...erased.paths, ...(act.index === null ? [] : [`/log/entries/${act.index}`]), "/log"]),
  ];
  await tx.logRedaction.update({
    where: { id },
    data: {
      paths: [...new Set([...known.paths, ...paths])],
      blobs: [...new Set([...known.blobs, ...erased.blobs])],
    },
  });
  if (act.index !== null) await recordTombstone(tx, redaction, { ...act, index: act.index }, by.name, now);
  if (redaction.scope !== "name") await tellCase(tx, act, redaction.reason, { userId: by.userId, at: now });
  await pagesChanged(tx, paths);
  await notify(tx, redactionChannel, id);
  await ctx.jobs.send(tx, "redaction.finish", { version: 1, redactionId: id }, { idempotencyKey: id });
}

async function eraseIn(tx: Transaction, { scope, id }: Redaction, act: FoundAct) {
  if (scope === "name") return eraseNameOf(tx, act);
  if (scope === "entry") return eraseEntry(tx, act, id);
  await eraseStatement(tx, act);
  const page = pageAbout(act.about);
  return { paths: page === null ? [] : [page], blobs: [act.pae] };
}

/** No author is waited for any more: the sooner an act has a number, the sooner its statement is gone. */
async function eraseStatement(tx: Transaction, act: FoundAct): Promise<void> {
  if (act.index !== null) await tx.logStatement.deleteMany({ where: { index: BigInt(act.index) } });
  else await leaveToInstance(tx, act);
}

async function eraseEntry(tx: Transaction, act: FoundAct, redactionId: string) {
  await tx.logPayload.deleteMany({ where: { digest: { in: [...act.payloads] } } });
  await eraseStatement(tx, act);
  const erased = await eraseWords(tx, act, redactionId);
  return { paths: erased.paths, blobs: [act.pae, ...act.payloads.map(hexOf), ...erased.blobs] };
}

async function eraseNameOf(tx: Transaction, act: FoundAct) {
  const digest = act.statement === null ? null : actorName(act.statement);
  if (digest === null) return { paths: [], blobs: [] };
  const payload = await tx.logPayload.findUnique({ where: { digest } });
  const paths = payload === null ? [] : await eraseName(tx, Buffer.from(payload.bytes).toString("utf8"));
  await tx.logPayload.deleteMany({ where: { digest } });
  return { paths, blobs: [hexOf(digest)] };
}

/** Signed by the moderator key when it is appended. The subject is the statement that is gone, by its digest. */
export async function recordTombstone(
  tx: Transaction,
  redaction: Redaction,
  act: { readonly index: number; readonly about: string; readonly pae: string },
  name: string | null,
  at: Date,
): Promise<void> {
  await recordAct(tx, {
    kind: "tombstone",
    about: act.about,
    subjects: [{ name: "statement", digest: { sha256: act.pae } }],
    predicate: {
      index: act.index,
      scope: redaction.scope as "entry",
      reason: redaction.reason as "court-order",
      authority: redaction.authority,
    },
    // A moderator may ask for their own name to go: no tombstone of a name carries one.
    actor: { role: "moderator", name: redaction.scope === "name" ? null : name },
    dedupKey: tombstoneKey(act.index, redaction.scope),
    t: at,
  });
}

export function tombstoneKey(index: number, scope: string): string {
  return `tombstone:${index}${scope === "entry" ? "" : `:${scope}`}`;
}

/** The case's history says that something was taken away, and why; never what. */
async function tellCase(
  tx: Transaction,
  act: FoundAct,
  reason: string,
  by: { readonly userId: string; readonly at: Date },
): Promise<void> {
  if (!act.about.startsWith("case:")) return;
  const row = await findCase(tx, act.about.slice("case:".length));
  if (row === null) return;
  await appendCaseEvent(
    tx,
    row.id,
    { type: "entry-redacted", data: { kind: act.kind, reason, index: act.index } },
    { actorId: by.userId, at: by.at },
  );
}
