import { type JudgedPair, judgeAgain, judgedByVersion } from "@/lib/canaries/server";
import { recalledVersions } from "@/lib/cases/server";
import { canaryJudgeAbout } from "@/lib/engine/canary/judge/about";
import type { Context } from "@/lib/platform/context";
import type { MethodRecall } from "@/lib/platform/database/generated/client";
import { judgeRecallNotice } from "./recall-notice";
import type { RecallReason } from "./recall-reasons";
import { type SendMail, tellOnce } from "./tell-once";

/**
 * What follows a recall of the judge of canaries, set by set: each pair is judged once more, unless the judge of today is
 * the one that was recalled, and author, collectors and whoever asked are told. Again is harmless.
 */
export async function applyJudgeRecall(
  ctx: Context,
  recall: MethodRecall,
  sendMail: SendMail,
): Promise<void> {
  const { id, version } = canaryJudgeAbout;
  const sound = !(await recalledVersions(ctx.db)).has(`${id}@${version}`);
  const by = { recallId: recall.id, userId: recall.byId };
  for (const pairs of bySet(await judgedByVersion(ctx.db, recall.version))) {
    const [first] = pairs;
    const suspects = new Map(pairs.map((pair) => [pair.suspectId, pair]));
    let again = 0;
    if (sound) for (const pair of suspects.values()) if (await judgeAgain(ctx, pair, by)) again += 1;
    const mail = judgeRecallNotice({
      setId: first.setId,
      suspects: [...new Set(pairs.map(({ suspect }) => suspect))],
      method: canaryJudgeAbout.name,
      version: recall.version,
      reason: recall.reason as RecallReason,
      reruns: again,
      origin: ctx.settings.publicOrigin,
    });
    const people = [...new Set(pairs.flatMap((pair) => pair.people))];
    await tellOnce(ctx, { recallId: recall.id, caseId: first.canarySetId }, people, mail, sendMail);
  }
}

function bySet(pairs: readonly JudgedPair[]): readonly (readonly [JudgedPair, ...JudgedPair[]])[] {
  const sets = new Map<string, [JudgedPair, ...JudgedPair[]]>();
  for (const pair of pairs) {
    const known = sets.get(pair.setId);
    if (known === undefined) sets.set(pair.setId, [pair]);
    else known.push(pair);
  }
  return [...sets.values()];
}
