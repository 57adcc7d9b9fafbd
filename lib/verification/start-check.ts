import { EngineError } from "@/lib/engine/errors";
import { openRelease } from "@/lib/engine/io/source/open-release";
import { isRemote, parseSourceSpec, type SourceSpec } from "@/lib/engine/io/source/spec";
import type { Context } from "@/lib/platform/context";
import { sourceIo } from "@/lib/platform/context/source-io";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { consume } from "@/lib/platform/rate-limit";
import { fromEngineError } from "./engine-error";
import { runParameters, runPriority } from "./queue-run";
import { type StartCheckInput, startCheckSchema } from "./schema";
import { screenedBefore } from "./screened";

/** A look-up is gone after this many days. */
export const checkLifeDays = 30;

/** Look-ups in an hour: for one network address without an account, and for one account. */
export const checkLimits = { address: 20, account: 60 } as const;

/** Somebody waits in front of a form: a listing that takes longer is refused, and nothing was stored. */
const listingMs = 20_000;
const listingLimits = { maxRetries: 1, maxWaitMs: 5_000, requestMs: 15_000 } as const;

/**
 * Compares two releases on the spot, without a case: unlisted, and gone after 30 days. Anybody may ask.
 * Both revisions are resolved here, so that a wrong address is told in the form and not by a failed run.
 */
export async function startCheck(
  ctx: Context,
  input: StartCheckInput,
  caller: { readonly address: string | null },
): Promise<{ checkId: string; runId: string }> {
  const asked = parseInput(startCheckSchema, input);
  const who = ctx.viewer.userId ?? `address:${caller.address ?? "unknown"}`;
  const key = asked.idempotencyKey === undefined ? null : `check:${who}:${asked.idempotencyKey}`;
  if (key !== null) {
    const same = await checkByKey(ctx, key);
    if (same !== null) return same;
  }
  await consume(ctx.db, {
    name: "check",
    key: who,
    points: ctx.viewer.userId === null ? checkLimits.address : checkLimits.account,
    seconds: 3600,
  });
  const specs = {
    original: specOf(ctx, "original", asked.original),
    suspect: specOf(ctx, "suspect", asked.suspect),
  };
  const [original, suspect] = await Promise.all([
    pin(ctx, "original", specs.original),
    pin(ctx, "suspect", specs.suspect),
  ]);
  if (original.commit === suspect.commit && original.repository === suspect.repository)
    throw new AppError("same-release", { fields: { suspect: "same-release" } });

  try {
    return await ctx.db.$transaction(async (tx) => {
      const now = ctx.clock.now();
      const runId = newId("run");
      const checkId = newId("chk");
      const inputs = [];
      for (const [role, release] of [
        ["original", original],
        ["suspect", suspect],
      ] as const) {
        const row = await tx.release.upsert({
          where: {
            source_repository_commit: {
              source: release.source,
              repository: release.repository,
              commit: release.commit,
            },
          },
          create: { id: newId("rel"), ...release, createdAt: now },
          update: {},
          select: { id: true },
        });
        inputs.push({ role, position: 0, releaseId: row.id });
      }
      await tx.run.create({
        data: {
          id: runId,
          requestedById: ctx.viewer.userId,
          parameters: runParameters(await screenedBefore(tx, inputs), 1),
          idempotencyKey: key,
          createdAt: now,
          inputs: { create: inputs },
        },
      });
      await tx.check.create({
        data: {
          id: checkId,
          runId,
          createdAt: now,
          expiresAt: new Date(now.getTime() + checkLifeDays * 86_400_000),
        },
      });
      await ctx.jobs.send(
        tx,
        "run.execute",
        { version: 1, runId },
        {
          priority: ctx.viewer.userId === null ? runPriority.anonymousCheck : runPriority.accountCheck,
          idempotencyKey: runId,
        },
      );
      return { checkId, runId };
    });
  } catch (error) {
    // Two submits of one form at the same moment: the second one finds what the first one made.
    const same = key === null ? null : await checkByKey(ctx, key);
    if (same !== null) return same;
    throw error;
  }
}

async function checkByKey(ctx: Context, key: string) {
  const run = await ctx.db.run.findUnique({
    where: { idempotencyKey: key },
    select: { id: true, check: { select: { id: true } } },
  });
  return run?.check ? { checkId: run.check.id, runId: run.id } : null;
}

function specOf(ctx: Context, field: "original" | "suspect", text: string): SourceSpec {
  try {
    const spec = parseSourceSpec(text, { hubOrigin: ctx.sources.hf.endpoint });
    // A folder or a file would be one of the server.
    if (!isRemote(spec)) throw new AppError("bad-address", { fields: { [field]: "bad-address" } });
    return spec;
  } catch (error) {
    if (error instanceof EngineError) throw fromEngineError(error, field);
    throw error;
  }
}

async function pin(ctx: Context, field: "original" | "suspect", spec: SourceSpec) {
  try {
    const io = sourceIo(ctx.sources, { limits: listingLimits, signal: AbortSignal.timeout(listingMs) });
    const { release } = await openRelease(spec, io);
    if (
      release.commit === null ||
      release.repository === null ||
      (release.kind !== "hf" && release.kind !== "github")
    )
      throw new AppError("bad-address", { fields: { [field]: "bad-address" } });
    return { source: release.kind, repository: release.repository, commit: release.commit };
  } catch (error) {
    if (error instanceof EngineError) throw fromEngineError(error, field);
    throw error;
  }
}
