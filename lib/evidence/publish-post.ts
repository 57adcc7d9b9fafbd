import { appendCaseEvent, type CaseRow, recordCaseAct } from "@/lib/cases/server";
import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { writeVersion } from "./write-version";

export interface NewPost {
  readonly claim: CaseRow["claims"][number] | null;
  /** The post it answers. */
  readonly parentId: string | null;
  /** The named party that the author speaks for. */
  readonly party: CaseRow["parties"][number] | null;
  readonly interest: string;
  readonly interestNote: string | null;
  readonly body: string;
  readonly idempotencyKey: string | null;
  /** Its author signs it with a key of their own. */
  readonly ownKey: boolean | undefined;
}

/** A first version of a text, its place in the case's history, and its entry in the log. The caller holds the case's lock. */
export async function publishPost(
  ctx: Context,
  tx: Transaction,
  row: CaseRow,
  post: NewPost,
): Promise<string> {
  const authorId = memberOf(ctx.viewer);
  const { claim, parentId, party, interest, interestNote, body, idempotencyKey, ownKey } = post;
  const kind = party ? "party-reply" : parentId === null ? "evidence" : "reply";
  const side = party ? (party.side as "original" | "suspect") : null;
  const now = ctx.clock.now();
  const postId = newId("pst");
  await tx.post.create({
    data: {
      id: postId,
      caseId: row.id,
      claimId: claim?.id ?? null,
      parentId,
      kind,
      authorId,
      partyId: party?.id ?? null,
      interest,
      interestNote,
      createdAt: now,
      idempotencyKey,
    },
  });
  await writeVersion(ctx, tx, { postId, version: 1, kind: "first", body });
  await appendCaseEvent(
    tx,
    row.id,
    { type: "post-added", data: { postId, kind, claimId: claim?.id ?? null, side } },
    { actorId: authorId, at: now },
  );
  const act = {
    key: `${postId}:1`,
    role: party ? "party" : authorId === row.reporterId ? "reporter" : "member",
    ownKey,
  } as const;
  const predicate = {
    case: row.publicId as string,
    post: postId,
    version: 1,
    claim: claim?.number ?? null,
    interest,
    text: await storePayload(tx, body),
  };
  if (kind === "evidence") await recordCaseAct(ctx, tx, row, { ...act, kind, predicate });
  else
    await recordCaseAct(ctx, tx, row, {
      ...act,
      kind: "reply",
      predicate: { ...predicate, parent: parentId, side },
    });
  return postId;
}
