import { randomBytes } from "node:crypto";
import {
  type CheckpointCitation,
  citableCheckpoint,
  heldForAuthor,
  payloadDigest,
  recordAct,
  type Subject,
  storePayload,
} from "@/lib/ledger/server";
import { rememberBlob } from "@/lib/platform/blobs/remember";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import type { CanarySet, Release } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { answersOfTranscript, readAnswers, readWholeTranscript, requireSameAnswers } from "./answer-files";
import { isConnected } from "./connected";
import { knownItems } from "./known-items";
import { findSet, lockSet, pathsOf } from "./load-set";
import { isPinned } from "./pinned";
import { requireFirst } from "./require-first";
import { type Authenticity, type RecordAnswersInput, recordAnswersSchema } from "./schema";
import { setState } from "./state";

export interface AnswerFiles {
  /** JSON Lines; left out, they are what the transcript comes to. */
  readonly answers?: Uint8Array;
  readonly transcript?: Uint8Array;
}

/**
 * Registers the answers of one model to a set: their digest, the root of the transcript, and which weights answered. What
 * they are stays unread by others until the items are revealed. The same again is the same answer set. `byInstance`: this
 * instance asked (its own job).
 *
 * Errors: sign-in-required, not-found (no such set), invalid-input (by field), not-allowed (role "original" is the
 * author's to answer for), wrong-state (form: nonce-not-known, what is asked is not drawn yet), too-many-requests.
 */
export async function recordAnswers(
  ctx: Context,
  input: RecordAnswersInput & AnswerFiles,
  options: { readonly byInstance?: true; readonly example?: boolean } = {},
): Promise<{ readonly id: string; readonly created: boolean }> {
  const collectorId = options.byInstance ? null : memberOf(ctx.viewer);
  const { answers: answerFile, transcript: transcriptFile, ...rest } = input;
  const given = parseInput(recordAnswersSchema, rest);
  if (collectorId !== null) await consumeAct(ctx, "text");
  const set = await findSet(ctx.db, given.setId);
  // Its own answers are the author's to register; that they are so, somebody else confirms.
  const ownAnswers = given.role === "original" && given.confirms === undefined && collectorId !== null;
  if (ownAnswers && !(await isConnected(ctx.db, set, collectorId)))
    throw new AppError("not-allowed", { fields: { role: "author-only" } });
  // Targets and items are drawn from the nonce: nobody can have learnt them before.
  const drawn = set.kind === "generator" || (set.kind === "random-label" && given.role === "original");
  if (drawn && set.terms !== null && set.nonce === null)
    throw new AppError("wrong-state", { fields: { form: "nonce-not-known" } });
  const release = given.release === undefined ? null : await releaseOf(ctx, given.release);

  const known = await knownItems(ctx.db, set);
  const place = { ...set, known, root: given.transcriptRoot ?? null };
  const summary = transcriptFile === undefined ? null : readWholeTranscript(transcriptFile, place);
  if (answerFile === undefined && summary === null)
    throw new AppError("invalid-input", { fields: { answers: "required" } });
  const read =
    answerFile === undefined && summary !== null
      ? answersOfTranscript(summary)
      : readAnswers(answerFile ?? new Uint8Array(), place);
  if (answerFile !== undefined && summary !== null) requireSameAnswers(read.text, summary);
  if (summary?.header.weights && given.weights && summary.header.weights !== given.weights)
    throw new AppError("invalid-input", { fields: { weights: "not-as-in-transcript" } });
  const weights = given.weights ?? summary?.header.weights ?? null;
  const bytes = new Uint8Array(Buffer.from(read.text, "utf8"));
  const answersBlob = await ctx.blobs.put(bytes);
  const transcriptBlob = transcriptFile === undefined ? null : await ctx.blobs.put(transcriptFile);
  const transcriptRoot = summary?.root ?? given.transcriptRoot ?? null;
  const now = ctx.clock.now();

  return ctx.db.$transaction(
    async (tx) => {
      const locked = await lockSet(tx, given.setId);
      const collector = await collectorOf(tx, collectorId);
      const same = await tx.canaryAnswerSet.findFirst({
        where: {
          canarySetId: set.id,
          role: given.role,
          name: given.name,
          collectorId,
          answersBlob: answersBlob.sha256,
          transcriptRoot,
        },
      });
      if (same !== null) return { id: same.id, created: false };
      if (given.confirms !== undefined)
        await requireFirst(tx, locked, { ...given, confirms: given.confirms }, collectorId);
      const checkpoint = await citableCheckpoint(tx);
      const salt = new Uint8Array(randomBytes(32));
      await rememberBlob(tx, { ...answersBlob, mediaType: "application/jsonl", at: now });
      if (transcriptBlob !== null)
        await rememberBlob(tx, { ...transcriptBlob, mediaType: "application/jsonl", at: now });
      const row = await tx.canaryAnswerSet.create({
        data: {
          id: newId("ans"),
          canarySetId: set.id,
          role: given.role,
          name: given.name,
          family: given.family ?? null,
          base: given.base ?? null,
          vendor: given.vendor ?? null,
          corpus: given.corpus ?? null,
          releaseId: release?.id ?? null,
          weights,
          authenticity: await authenticityNow(tx, locked, {
            collectorId,
            byInstance: options.byInstance === true,
            transcript: summary !== null,
            named: { releaseId: release?.id ?? null, weights },
            checkpoint,
          }),
          adapter: given.adapter,
          calls: summary?.calls ?? given.calls,
          transcriptRoot,
          transcriptBlob: transcriptBlob?.sha256 ?? null,
          transcriptSize: transcriptBlob?.size ?? null,
          answersSha256: payloadDigest(salt, bytes).slice("sha256:".length),
          answersSalt: salt,
          answersBlob: answersBlob.sha256,
          answersSize: answersBlob.size,
          lines: read.lines,
          answered: read.answered,
          status: (await isOpen(tx, locked, now)) ? "logged" : "held",
          collectorId,
          confirmsId: given.confirms ?? null,
          example: options.example ?? locked.example,
          createdAt: now,
        },
      });
      await recordAct(tx, {
        kind: "responses",
        about: `canary:${set.setId}`,
        subjects: subjectsOf(set, release, weights),
        predicate: {
          set: set.setId,
          answers: row.id,
          role: given.role,
          name: await storePayload(tx, given.name),
          release:
            release === null
              ? null
              : {
                  source: release.source as "hf",
                  repository: release.repository,
                  commit: release.commit,
                },
          weights,
          transcript: transcriptRoot,
          answersSha256: row.answersSha256,
          calls: row.calls,
          adapter: row.adapter,
          authenticity: row.authenticity as Authenticity,
          confirms: row.confirmsId,
          checkpoint,
        },
        ...(collector === null
          ? {}
          : {
              actor: {
                role: collectorId === set.ownerId ? "registrant" : "member",
                name: collector.name,
              } as const,
            }),
        dedupKey: `responses:${row.id}`,
        t: now,
        // What this instance asked is its own statement.
        ...(collector === null ? {} : heldForAuthor(ctx, given.ownKey)),
      });
      await pagesChanged(tx, pathsOf(locked));
      return { id: row.id, created: true };
    },
    { timeout: 30_000 },
  );
}

async function collectorOf(tx: Transaction, collectorId: string | null) {
  if (collectorId === null) return null;
  const user = await tx.user.findUnique({ where: { id: collectorId } });
  if (user === null || user.deletedAt !== null) throw new AppError("sign-in-required");
  return user;
}

/** Only what was captured here is a release whose bytes we know of. */
async function releaseOf(ctx: Pick<Context, "db">, spec: string): Promise<Release> {
  const [, source = "", repository = "", commit = ""] = /^(hf|github):(.+)@([0-9a-f]{40})$/.exec(spec) ?? [];
  const release = await ctx.db.release.findUnique({
    where: { source_repository_commit: { source, repository, commit } },
  });
  if (release === null) throw new AppError("invalid-input", { fields: { release: "not-captured" } });
  return release;
}

/**
 * What is known of the answers when they are registered. A second collector can raise it later; the judge looks again
 * (lib/canaries/judge), and nobody is believed about themselves.
 */
async function authenticityNow(
  tx: Transaction,
  set: CanarySet,
  facts: {
    readonly collectorId: string | null;
    readonly byInstance: boolean;
    readonly transcript: boolean;
    readonly named: { readonly releaseId: string | null; readonly weights: string | null };
    readonly checkpoint: CheckpointCitation | null;
  },
): Promise<Authenticity> {
  if (!facts.transcript) return "claimed";
  if (facts.collectorId !== null && (await isConnected(tx, set, facts.collectorId))) return "claimed";
  return (await isPinned(tx, facts.named, facts.checkpoint)) ? "re-run" : "claimed";
}

async function isOpen(tx: Transaction, set: CanarySet, now: Date): Promise<boolean> {
  const revealed = await tx.canaryReveal.count({ where: { canarySetId: set.id } });
  return setState({ ...set, revealed }, now) === "revealed";
}

function subjectsOf(set: CanarySet, release: Release | null, weights: string | null): Subject[] {
  const subjects: Subject[] = [{ name: "canary-root", digest: { sha256: set.root } }];
  if (release !== null)
    subjects.push({ name: `${release.source}:${release.repository}`, digest: { gitCommit: release.commit } });
  if (weights !== null) subjects.push({ name: "weights", digest: { sha256: weights } });
  return subjects;
}
