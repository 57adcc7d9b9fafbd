import { appendCaseEvent } from "@/lib/cases/server";
import { recordAct } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { checkpointsForReleases } from "@/lib/registry/server";
import { type CaseOfRun, caseOfRun, requireMayQueue, roleIn } from "./access";
import { inputSubjects } from "./input-subjects";
import {
  methodIds,
  type QueueRunInput,
  queueRunSchema,
  type RunLevel,
  type RunMethod,
  type RunParameters,
} from "./schema";
import { screenedBefore } from "./screened";

/** Runs of cases go before look-ups; a look-up with an account before one without. */
export const runPriority = { case: 10, accountCheck: 5, anonymousCheck: 0 } as const;

export function runParameters(
  screened: number,
  level: RunLevel = 2,
  methods: readonly RunMethod[] = methodIds,
): RunParameters {
  // In the order of `methodIds` whatever the form sent: the order is part of the digest.
  return { methods: methodIds.filter((id) => methods.includes(id)), nonce: "", screened, level };
}

/** Queues a run on the releases of a case, for one claim or for the whole case. The same key twice is the same run. */
export async function queueRun(ctx: Context, input: QueueRunInput): Promise<{ runId: string }> {
  const asked = parseInput(queueRunSchema, input);
  const key = asked.idempotencyKey === undefined ? null : `${ctx.viewer.userId}:${asked.idempotencyKey}`;
  await consumeAct(ctx, "run");
  return ctx.db.$transaction(async (tx) => {
    const facts = await caseOfRun(tx, asked.caseId);
    if (facts === null) throw new AppError("not-found");
    requireMayQueue(ctx.viewer, facts);
    if (key !== null) {
      const same = await tx.run.findUnique({ where: { idempotencyKey: key }, select: { id: true } });
      if (same !== null) return { runId: same.id };
    }
    const claimId = asked.claimId ?? null;
    const claim =
      claimId === null ? null : await tx.claim.findFirst({ where: { id: claimId, caseId: facts.id } });
    if (claimId !== null && claim === null) throw new AppError("not-found");
    const methods =
      asked.methods ?? (claim === null ? methodIds : methodIds.filter((id) => sameFamily(id, claim.method)));
    const inputs = await withCheckpoints(tx, await inputsOfCase(tx, facts.id), asked.checkpoints);
    return insertCaseRun(ctx, tx, {
      of: facts,
      claimId,
      parameters: runParameters(
        await screenedBefore(tx, inputs),
        asked.level,
        methods.length > 0 ? methods : methodIds,
      ),
      inputs,
      rerunOfId: null,
      idempotencyKey: key,
    });
  });
}

/** A claim about weights is examined by all methods that read them. */
function sameFamily(id: RunMethod, method: string): boolean {
  return id.split("/")[0] === method.split("/")[0];
}

interface NewCaseRun {
  readonly of: CaseOfRun;
  readonly claimId: string | null;
  readonly parameters: RunParameters;
  readonly inputs: readonly {
    readonly role: string;
    readonly position: number;
    readonly releaseId: string;
    readonly kind?: string | null;
  }[];
  readonly rerunOfId: string | null;
  readonly idempotencyKey: string | null;
}

/** Rows, event, state of the case and job of a new run, all in the caller's transaction. */
export async function insertCaseRun(
  ctx: Context,
  tx: Transaction,
  run: NewCaseRun,
): Promise<{ runId: string }> {
  const now = ctx.clock.now();
  const runId = newId("run");
  await tx.run.create({
    data: {
      id: runId,
      caseId: run.of.id,
      claimId: run.claimId,
      requestedById: ctx.viewer.userId,
      parameters: run.parameters,
      rerunOfId: run.rerunOfId,
      idempotencyKey: run.idempotencyKey,
      createdAt: now,
      inputs: { create: run.inputs.map((input) => ({ ...input })) },
    },
  });
  await appendCaseEvent(
    tx,
    run.of.id,
    { type: "run-queued", data: { runId, methods: [...run.parameters.methods] } },
    { actorId: ctx.viewer.userId, at: now },
  );
  if (run.of.state === "open") {
    await tx.case.update({
      where: { id: run.of.id },
      data: { state: "under_verification" },
    });
    await appendCaseEvent(
      tx,
      run.of.id,
      { type: "case-under-verification", data: {} },
      { actorId: ctx.viewer.userId, at: now },
    );
  }
  await recordAct(tx, {
    kind: "request",
    about: `case:${run.of.publicId}`,
    subjects: await inputSubjects(tx, run.inputs),
    predicate: { case: run.of.publicId, run: runId, methods: run.parameters.methods, rerunOf: run.rerunOfId },
    actor: { role: roleIn(ctx.viewer, run.of), name: ctx.viewer.name },
    dedupKey: `request:${runId}`,
    t: now,
  });
  await ctx.jobs.send(
    tx,
    "run.execute",
    { version: 1, runId },
    { priority: runPriority.case, idempotencyKey: runId },
  );
  await pagesChanged(tx, [`/cases/${run.of.publicId}`, "/cases", "/"]);
  return { runId };
}

async function inputsOfCase(tx: Transaction, caseId: string) {
  const rows = await tx.caseRelease.findMany({
    where: { caseId },
    orderBy: [{ role: "asc" }, { position: "asc" }, { id: "asc" }],
    select: { role: true, releaseId: true },
  });
  const inputs: { role: string; position: number; releaseId: string }[] = [];
  for (const role of ["original", "suspect", "ancestor", "control"]) {
    const ofRole = rows.filter((row) => row.role === role);
    // A run compares one pair: the first named original and suspect of the case.
    const used = role === "original" || role === "suspect" ? ofRole.slice(0, 1) : ofRole;
    used.forEach((row, position) => {
      inputs.push({ role, position, releaseId: row.releaseId });
    });
  }
  const releaseOf = (role: string) => inputs.find((input) => input.role === role)?.releaseId;
  if (releaseOf("original") === undefined || releaseOf("suspect") === undefined)
    throw new AppError("wrong-state");
  if (releaseOf("original") === releaseOf("suspect")) throw new AppError("same-release");
  return inputs;
}

/**
 * Checkpoints that were chosen, after the ancestors that the case names. Only those of standing registrations of the
 * pair itself: a release that somebody calls the beginning of another model explains nothing here.
 */
async function withCheckpoints(
  tx: Transaction,
  inputs: Awaited<ReturnType<typeof inputsOfCase>>,
  chosen: readonly string[],
) {
  if (chosen.length === 0) return inputs;
  const pair = inputs.filter(({ role }) => role === "original" || role === "suspect");
  const offered = await checkpointsForReleases(
    { db: tx },
    pair.map(({ releaseId }) => releaseId),
  );
  const added: { role: string; position: number; releaseId: string; kind: string }[] = [];
  let position = inputs.filter(({ role }) => role === "ancestor").length;
  for (const id of new Set(chosen)) {
    const checkpoint = offered.find((one) => one.id === id);
    if (checkpoint === undefined) throw new AppError("not-found", { fields: { checkpoints: "not-found" } });
    const releaseId = checkpoint.release.id;
    if ([...inputs, ...added].some((input) => input.releaseId === releaseId)) continue;
    added.push({ role: "ancestor", position, releaseId, kind: "initialisation" });
    position += 1;
  }
  return [...inputs, ...added];
}
