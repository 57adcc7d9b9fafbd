import { createHash } from "node:crypto";
import { lockCase } from "@/lib/cases/server";
import { captureKeysOfText } from "@/lib/evidence/server";
import { isUrgent, type RedactionScope } from "@/lib/ledger";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { eraseAct } from "./erase-act";
import { eraseRepository, namesRepository, namings } from "./erase-repository";
import { actorName, type FoundAct, findAct } from "./find-act";
import { type RedactEntryInput, redactEntryInput } from "./schema";

export const secondLookMs = 24 * 3_600_000;

export interface RedactOutcome {
  /** "proposed": waits for a second moderator, or for 24 hours. */
  readonly outcome: "proposed" | "erased";
  /** Keys of the acts concerned. */
  readonly acts: readonly string[];
}

/** What may never go: that words went is itself on record, and so are the keys. */
const kept: ReadonlySet<string> = new Set(["tombstone", "rotate"]);

/**
 * Takes the words of an entry away for a coded reason (LEDGER, "Redaction"). The same call by a second moderator, or by
 * the first after 24 hours, carries out what was proposed; urgent reasons are carried out at once.
 * Errors: sign-in-required, not-allowed, invalid-input, not-found, wrong-state (a tombstone), already-done.
 */
export async function redactEntry(ctx: Context, input: RedactEntryInput): Promise<RedactOutcome> {
  const userId = memberOf(ctx.viewer);
  if (ctx.viewer.role !== "moderator" && ctx.viewer.role !== "admin") throw new AppError("not-allowed");
  const asked = parseInput(redactEntryInput, input);
  const repository = asked.what === "repository" ? (asked.repository ?? "") : null;
  const authority = createHash("sha256").update(asked.authorityReference, "utf8").digest("hex");
  return ctx.db.$transaction(
    async (tx) => {
      const named = asked.index === undefined ? { dedupKey: asked.dedupKey ?? "" } : { index: asked.index };
      const first = await findAct(tx, named);
      if (first === null) throw new AppError("not-found", { fields: { index: "unknown-entry" } });
      await lockAbout(tx, first.about);
      const acts = await concerned(tx, first, asked.what, repository);
      if (acts.length === 0) throw new AppError("already-done");
      const now = ctx.clock.now();
      const proposed = await tx.logRedaction.findUnique({
        where: { dedupKey_scope: { dedupKey: first.dedupKey, scope: scopeOf(first, asked.what) } },
      });
      const erased: string[] = [];
      const outcomes = new Set<RedactOutcome["outcome"]>();
      for (const act of acts) {
        const scope = scopeOf(act, asked.what);
        if (scope === "entry" && kept.has(act.kind))
          throw new AppError("wrong-state", { detail: { kind: act.kind } });
        // Two moderators at once take turns.
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${act.dedupKey}, 13))`;
        const known = await tx.logRedaction.findUnique({
          where: { dedupKey_scope: { dedupKey: act.dedupKey, scope } },
        });
        if (known?.erasedAt) continue;
        // Another ground than the proposed one is another proposal: the tombstone states one of them.
        const same = known !== null && known.reason === asked.reasonCode && known.authority === authority;
        if (known !== null && !same) throw new AppError("changed-meanwhile");
        const redaction =
          known ??
          (await tx.logRedaction.create({
            data: {
              id: newId("rdc"),
              dedupKey: act.dedupKey,
              scope,
              kind: act.kind,
              about: act.about,
              index: act.index === null ? null : BigInt(act.index),
              reason: asked.reasonCode,
              authority,
              // What was captured since goes with the text that was proposed.
              proposedById: proposed?.proposedById ?? userId,
              proposedAt: proposed?.proposedAt ?? now,
            },
          }));
        const second =
          redaction.proposedById !== userId || now.getTime() - redaction.proposedAt.getTime() >= secondLookMs;
        const outcome = second || isUrgent(asked.reasonCode) ? "erased" : "proposed";
        if (outcome === "erased") {
          await eraseAct(ctx, tx, redaction, act, { userId, name: ctx.viewer.name });
          erased.push(redaction.id);
        }
        if (known === null || outcome === "erased")
          await tx.auditEvent.create({
            data: {
              actorId: userId,
              action: outcome === "erased" ? "log.redact" : "log.propose-redaction",
              subject: redaction.id,
              data: {
                act: act.dedupKey,
                scope,
                index: act.index,
                reason: asked.reasonCode,
                authorityReference: asked.authorityReference,
                people: redaction.proposedById === userId ? 1 : 2,
              },
              createdAt: now,
            },
          });
        outcomes.add(outcome);
      }
      if (outcomes.size === 0) throw new AppError("already-done");
      if (repository !== null && erased.length > 0) await eraseNameOfRepository(tx, repository, erased);
      return {
        outcome: outcomes.has("erased") ? "erased" : "proposed",
        acts: acts.map(({ dedupKey }) => dedupKey),
      };
    },
    { timeout: 60_000 },
  );
}

type What = NonNullable<RedactEntryInput["what"]>;

/** Kinds that hold, beside the name in their statement, files or documents with it in them: these go whole. */
const wholeWithRepository: ReadonlySet<string> = new Set(["capture", "verify", "notify"]);

function scopeOf({ kind }: FoundAct, what: What): RedactionScope {
  if (what === "name") return "name";
  return what === "repository" && !wholeWithRepository.has(kind) ? "repository" : "entry";
}

/** The entry itself first, then every act whose statement names the same repository: one left out would keep it. */
async function actsNaming(tx: Transaction, act: FoundAct, repository: string): Promise<FoundAct[]> {
  const unknown = new AppError("invalid-input", { fields: { repository: "unknown-repository" } });
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository)) throw unknown;
  if (act.statement === null) return [];
  if (!namesRepository(act.statement, repository)) throw unknown;
  const [hf, github, stated] = namings(repository);
  const keys = await tx.$queryRaw<{ dedupKey: string }[]>`
    SELECT e.dedup_key AS "dedupKey" FROM log_statement s JOIN log_entry e ON e.index = s.index
      WHERE strpos(s.statement, ${hf}) > 0 OR strpos(s.statement, ${github}) > 0 OR strpos(s.statement, ${stated}) > 0
    UNION
    SELECT dedup_key FROM log_pending
      WHERE strpos(statement, ${hf}) > 0 OR strpos(statement, ${github}) > 0 OR strpos(statement, ${stated}) > 0`;
  const others = keys.filter(({ dedupKey }) => dedupKey !== act.dedupKey);
  return [act, ...(await whole(tx, others))];
}

/** What the acts were made of loses the name, and each redaction knows the pages that showed it. */
async function eraseNameOfRepository(
  tx: Transaction,
  repository: string,
  redactionIds: readonly string[],
): Promise<void> {
  const { paths, blobs } = await eraseRepository(tx, repository);
  for (const id of redactionIds) {
    const row = await tx.logRedaction.findUniqueOrThrow({ where: { id } });
    await tx.logRedaction.update({
      where: { id },
      data: {
        paths: [...new Set([...row.paths, ...paths])],
        blobs: [...new Set([...row.blobs, ...blobs])],
      },
    });
  }
  await pagesChanged(tx, paths);
}

/** As every other command on a case or a registration does first. */
export async function lockAbout(tx: Transaction, about: string): Promise<void> {
  const [kind, id = ""] = about.split(/:(.*)/s);
  if (kind === "case") await lockCase(tx, id);
  if (kind === "model") await tx.$queryRaw`SELECT 1 FROM "model" WHERE "id" = ${id} FOR UPDATE`;
}

/**
 * The act itself; with every version of its text, because each repeats most of it; or all acts under the same name. With
 * a text go the captures of what it links to: they hold its addresses.
 */
async function concerned(
  tx: Transaction,
  act: FoundAct,
  what: What,
  repository: string | null,
): Promise<FoundAct[]> {
  if (what === "name") return actsUnderName(tx, act);
  if (repository !== null) return actsNaming(tx, act, repository);
  const [kind = "", number, post, version] = act.dedupKey.split(":");
  const isText = ["evidence", "reply", "correct"].includes(kind) && post !== undefined;
  if (!isText) return act.statement === null ? [] : [act];
  const ofVersion = what === "entry" ? Number(version) : null;
  const keysOfCaptures = await captureKeysOfText(tx, { postId: post, version: ofVersion });
  const captures = keysOfCaptures.map((dedupKey) => ({ dedupKey }));
  if (what === "entry") return act.statement === null ? [] : [act, ...(await whole(tx, captures))];
  const keys = ["evidence", "reply", "correct"].map((one) => `${one}:${number}:${post}:`);
  const where = { OR: keys.map((key) => ({ dedupKey: { startsWith: key } })) };
  const [entries, pending] = await Promise.all([
    tx.logEntry.findMany({ where, orderBy: { index: "asc" }, select: { dedupKey: true } }),
    tx.logPending.findMany({ where, orderBy: { id: "asc" }, select: { dedupKey: true } }),
  ]);
  return whole(tx, [...entries, ...pending, ...captures]);
}

/** Every act whose statement cites the same name: one that is left out would keep it readable. */
async function actsUnderName(tx: Transaction, act: FoundAct): Promise<FoundAct[]> {
  const digest = act.statement === null ? null : actorName(act.statement);
  const payload = digest === null ? null : await tx.logPayload.findUnique({ where: { digest } });
  if (payload === null) return [];
  const keys = await tx.$queryRaw<{ dedupKey: string }[]>`
    WITH name AS (SELECT digest FROM log_payload WHERE bytes = ${Buffer.from(payload.bytes)})
    SELECT e.dedup_key AS "dedupKey" FROM log_statement s JOIN log_entry e ON e.index = s.index
      WHERE s.payloads && (SELECT array_agg(digest) FROM name)
    UNION
    SELECT dedup_key FROM log_pending WHERE payloads && (SELECT array_agg(digest) FROM name)`;
  const found = await whole(tx, keys);
  // A text that happens to be the same words is not somebody's name.
  const names = new Set<string>();
  for (const one of found) {
    const name = one.statement === null ? null : actorName(one.statement);
    const row = name === null ? null : await tx.logPayload.findUnique({ where: { digest: name } });
    if (row !== null && Buffer.from(row.bytes).equals(Buffer.from(payload.bytes))) names.add(one.dedupKey);
  }
  return found.filter(({ dedupKey }) => names.has(dedupKey));
}

/** Those of these acts that still have their statement. */
async function whole(tx: Transaction, keys: readonly { readonly dedupKey: string }[]): Promise<FoundAct[]> {
  const found: FoundAct[] = [];
  for (const { dedupKey } of keys) {
    const act = await findAct(tx, { dedupKey });
    if (act !== null && act.statement !== null) found.push(act);
  }
  return found;
}
