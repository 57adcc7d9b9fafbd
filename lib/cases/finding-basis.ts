import type { Transaction } from "@/lib/platform/database";
import type { FindingBasis } from "./finding";
import type { CaseRow } from "./load-case";
import { readResult } from "./read-result";
import { recalledAmong, recalledVersions } from "./recalled";

/** What this case has to rest a finding on, read from its own runs and replies. */
export async function findingBasis(
  tx: Transaction,
  row: CaseRow,
): Promise<FindingBasis & { readonly digests: ReadonlyMap<string, string> }> {
  const runs = await tx.run.findMany({
    where: { caseId: row.id, state: "finished" },
    include: { result: true },
    orderBy: { createdAt: "asc" },
  });
  const replies = await tx.post.findMany({
    where: { caseId: row.id, kind: "party-reply", state: "visible" },
    select: { id: true },
  });
  const recalled = await recalledVersions(tx);
  const read = runs.flatMap((run) => {
    const facts = run.result ? readResult(run.result.document) : null;
    // What a recalled version had a part in carries nothing any more.
    if (facts && recalledAmong(facts.used, recalled).length > 0) return [];
    return facts && run.result ? [{ id: run.id, digest: run.result.digest, ...facts }] : [];
  });
  return {
    declared: row.declared || read.some((run) => run.suspectDeclares),
    runs: read,
    partyReplyIds: replies.map((reply) => reply.id),
    claimKinds: row.claims.map((claim) => claim.kind),
    digests: new Map(read.map((run) => [run.id, run.digest.replace(/^sha256:/, "")])),
  };
}
