import { createHash } from "node:crypto";
import { findCase, namesOf, recalledVersions } from "@/lib/cases/server";
import { canaryJudgeAbout } from "@/lib/engine/canary/judge/about";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { methodsAbout } from "@/lib/engine/methods/about";
import type { Context, Viewer } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import type { MethodRecall } from "@/lib/platform/database/generated/client";
import { caseOfRun } from "./access";
import { applyJudgeRecall } from "./apply-judge-recall";
import { insertCaseRun, runParameters } from "./queue-run";
import { resultsOf } from "./recall-method";
import { recallNotice } from "./recall-notice";
import type { RecallReason } from "./recall-reasons";
import { type RunMethod, runParametersSchema } from "./schema";
import { screenedBefore } from "./screened";
import { type SendMail, tellOnce } from "./tell-once";

/** Cases in which another run makes sense: a withdrawn one, or one nobody has been told of, stays as it is. */
const examined: ReadonlySet<string> = new Set(["open", "under_verification", "resolved"]);

/**
 * What follows a recall, case by case: the affected runs once more with the versions of today, and a mail to reporter
 * and accepted parties. Again is harmless: a run has one re-run for a recall, a person one mail for a case.
 */
export async function applyRecall(ctx: Context, recallId: string, sendMail: SendMail): Promise<void> {
  const recall = await ctx.db.methodRecall.findUnique({ where: { id: recallId } });
  if (recall === null) return;
  const acting = { ...ctx, viewer: await moderatorOf(ctx, recall) };
  if (recall.method === canaryJudgeAbout.id) return applyJudgeRecall(acting, recall, sendMail);
  const affected = await resultsOf(ctx.db, recall.method, recall.version);
  for (const caseId of new Set(affected.flatMap((one) => one.caseId ?? []))) {
    const runs = affected.filter((one) => one.caseId === caseId).map(({ runId }) => runId);
    const reruns = await queueAgain(acting, recall, caseId, runs);
    await tellPeople(ctx, recall, caseId, reruns, sendMail);
  }
}

/** Whoever recalled the method asks for the re-runs. */
async function moderatorOf(ctx: Pick<Context, "db">, recall: MethodRecall): Promise<Viewer> {
  const user = await ctx.db.user.findUniqueOrThrow({ where: { id: recall.byId } });
  return { role: "moderator", userId: user.id, name: user.name ?? "" };
}

async function queueAgain(
  ctx: Context,
  recall: MethodRecall,
  caseId: string,
  runIds: readonly string[],
): Promise<number> {
  return ctx.db.$transaction(async (tx) => {
    const of = await caseOfRun(tx, caseId);
    if (of === null || !examined.has(of.state)) return 0;
    const sound = await soundMethods(tx);
    const keys = new Set<string>();
    for (const id of runIds) {
      const earlier = await tx.run.findUniqueOrThrow({ where: { id }, include: { inputs: true } });
      const { methods, level } = runParametersSchema.parse(earlier.parameters);
      const wanted = methods.filter((method) => sound.has(method));
      if (wanted.length === 0) continue;
      const inputs = earlier.inputs
        .map(({ role, position, releaseId, kind }) => ({ role, position, releaseId, kind }))
        .sort((a, b) => a.role.localeCompare(b.role, "en") || a.position - b.position);
      // The same question asked twice before is asked once now.
      const question = canonicalJson({ claim: earlier.claimId, level, methods: wanted, inputs });
      const key = `${recall.id}:${createHash("sha256").update(question).digest("hex").slice(0, 32)}`;
      if (keys.has(key)) continue;
      keys.add(key);
      if ((await tx.run.count({ where: { idempotencyKey: key } })) > 0) continue;
      await insertCaseRun(ctx, tx, {
        of,
        claimId: earlier.claimId,
        // Another look at the same pair is paid for like every other.
        parameters: runParameters(await screenedBefore(tx, inputs), level, wanted),
        inputs,
        rerunOfId: earlier.id,
        idempotencyKey: key,
      });
    }
    return keys.size;
  });
}

/** Methods whose version of today stands. */
async function soundMethods(tx: Transaction): Promise<ReadonlySet<RunMethod>> {
  const recalled = await recalledVersions(tx);
  return new Set(
    methodsAbout
      .filter(({ id, version }) => !recalled.has(`${id}@${version}`))
      .map(({ id }) => id as RunMethod),
  );
}

async function tellPeople(
  ctx: Context,
  recall: MethodRecall,
  caseId: string,
  reruns: number,
  sendMail: SendMail,
): Promise<void> {
  const row = await findCase(ctx.db, caseId);
  if (row === null || row.publicId === null) return;
  const returned = await ctx.db.caseEvent.count({
    where: {
      caseId,
      type: "finding-recalled",
      AND: [
        { data: { path: ["method"], equals: recall.method } },
        { data: { path: ["version"], equals: recall.version } },
      ],
    },
  });
  const about = methodsAbout.find(({ id }) => id === recall.method);
  const mail = recallNotice({
    publicId: row.publicId,
    ...namesOf(row),
    method: about?.name ?? { en: recall.method, zh: recall.method },
    version: recall.version,
    reason: recall.reason as RecallReason,
    returned: returned > 0,
    reruns,
    origin: ctx.settings.publicOrigin,
  });
  const voices = row.parties.flatMap((party) => (party.userId && party.acceptedAt ? [party.userId] : []));
  await tellOnce(ctx, { recallId: recall.id, caseId }, [row.reporterId, ...voices], mail, sendMail);
}
