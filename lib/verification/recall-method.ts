import { judgedByVersion } from "@/lib/canaries/server";
import { returnFinding } from "@/lib/cases/server";
import { canaryJudgeAbout } from "@/lib/engine/canary/judge/about";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { methodSlug } from "@/lib/engine/methods/about";
import { recordAct, storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { listedMethods } from "./listed-methods";
import { isModerator } from "./policy";
import { type RecallMethodInput, recallMethodInput } from "./schema";

/**
 * Recalls a version of a method: every result that it had a part in is struck through from now on, findings that do not
 * stand without them go back to "not examined", and a job tells the people concerned and queues re-runs. One moderator
 * does it at once: what it takes away is only ever something said about somebody.
 * Errors: sign-in-required, not-allowed, invalid-input (version: no such version), already-done.
 */
export async function recallMethod(
  ctx: Context,
  input: RecallMethodInput,
): Promise<{ readonly recallId: string; readonly findings: number; readonly results: number }> {
  const userId = memberOf(ctx.viewer);
  if (!isModerator(ctx.viewer)) throw new AppError("not-allowed");
  const asked = parseInput(recallMethodInput, input);
  const { method, version } = asked;
  return ctx.db.$transaction(
    async (tx) => {
      const now = ctx.clock.now();
      const affected = await affectedBy(tx, method, version);
      const current = listedMethods.some((about) => about.id === method && about.version === version);
      if (!current && affected.results === 0)
        throw new AppError("invalid-input", { fields: { version: "unknown-version" } });
      const recallId = newId("rcl");
      // Two moderators at once: the second waits here for the first.
      const { count } = await tx.methodRecall.createMany({
        data: [
          {
            id: recallId,
            method,
            version,
            reason: asked.reasonCode,
            note: asked.note || null,
            byId: userId,
            createdAt: now,
          },
        ],
        skipDuplicates: true,
      });
      if (count === 0) throw new AppError("already-done");
      await recordAct(tx, {
        kind: "recall",
        about: `method:${methodSlug(method)}`,
        // A version of a method has no bytes of its own: the digest is that of its name.
        subjects: [{ name: `method:${method}`, digest: { sha256: sha256Hex(`${method}@${version}`) } }],
        predicate: {
          method,
          version,
          reason: asked.reasonCode,
          note: asked.note ? await storePayload(tx, asked.note) : null,
        },
        actor: { role: "moderator", name: ctx.viewer.name },
        dedupKey: `recall:${method}@${version}`,
        t: now,
      });
      let findings = 0;
      for (const caseId of affected.caseIds)
        if (await returnFinding(ctx, tx, caseId, { method, version })) findings += 1;
      await tx.auditEvent.create({
        data: {
          actorId: userId,
          action: "method.recall",
          subject: recallId,
          data: { method, version, reason: asked.reasonCode, findings, results: affected.results },
          createdAt: now,
        },
      });
      await ctx.jobs.send(tx, "recall.apply", { version: 1, recallId }, { idempotencyKey: recallId });
      await pagesChanged(tx, [
        "/",
        "/cases",
        "/methods",
        `/methods/${methodSlug(method)}`,
        ...affected.paths,
      ]);
      return { recallId, findings, results: affected.results };
    },
    { timeout: 120_000 },
  );
}

interface Affected {
  readonly results: number;
  /** Cases whose finding may rest on them. No finding of a case rests on a judgement of canaries. */
  readonly caseIds: readonly string[];
  /** Pages that show them. */
  readonly paths: readonly string[];
}

async function affectedBy(tx: Transaction, method: string, version: string): Promise<Affected> {
  if (method === canaryJudgeAbout.id) {
    const pairs = await judgedByVersion(tx, version);
    const paths = pairs.flatMap(({ setId, judgementId }) => [
      `/canaries/${setId}`,
      `/canaries/${setId}/judgements/${judgementId}`,
    ]);
    return { results: pairs.length, caseIds: [], paths: [...new Set(["/canaries", ...paths])] };
  }
  const results = await resultsOf(tx, method, version);
  return {
    results: results.length,
    caseIds: [...new Set(results.flatMap(({ caseId }) => caseId ?? []))].sort(),
    paths: results.flatMap(({ runId, publicId }) => [
      `/runs/${runId}`,
      ...(publicId === null ? [] : [`/cases/${publicId}`]),
    ]),
  };
}

export interface AffectedResult {
  readonly runId: string;
  /** Null for a look-up. */
  readonly caseId: string | null;
  readonly publicId: string | null;
}

/** Results that a version of a method had a part in. The plain text narrows it down before anything is parsed. */
export async function resultsOf(
  tx: Transaction,
  method: string,
  version: string,
): Promise<readonly AffectedResult[]> {
  const named = `%"method":"${method}"%`;
  const part = JSON.stringify({ methods: [{ method, version }] });
  return tx.$queryRaw<AffectedResult[]>`
    SELECT s.run_id AS "runId", r.case_id AS "caseId", c.public_id AS "publicId"
    FROM run_result s JOIN run r ON r.id = s.run_id LEFT JOIN "case" c ON c.id = r.case_id
    WHERE CASE WHEN s.document LIKE ${named} THEN s.document::jsonb @> ${part}::jsonb ELSE false END
    ORDER BY s.created_at, s.run_id`;
}
