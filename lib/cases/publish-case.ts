import { extractLinks } from "@/lib/evidence";
import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { loadCapture, recordCapture } from "@/lib/registry/server";
import { recordCaseAct } from "./case-acts";
import type { CaseRow } from "./load-case";

/**
 * What happens when a case leaves the draft: what was captured of its releases goes on record (both sides before
 * anybody is told), its claims go to the log, and its statement becomes the first post, with permalink and versions
 * like any other text.
 */
export async function publishCase(ctx: Context, tx: Transaction, row: CaseRow): Promise<void> {
  const now = ctx.clock.now();
  const publicId = row.publicId as string;
  await recordCaptures(tx, row, { about: `case:${publicId}`, t: now });
  for (const claim of row.claims)
    await recordCaseAct(ctx, tx, row, {
      kind: "claim",
      key: claim.number,
      role: "reporter",
      predicate: {
        case: publicId,
        number: claim.number,
        kind: claim.kind,
        method: claim.method,
        text: await storePayload(tx, claim.text),
      },
    });
  const body = row.draftStatement ?? "";
  if (body === "") return;
  const links = extractLinks(body).map((url, position) => ({ id: newId("plk"), url, position }));
  const postId = newId("pst");
  await tx.post.create({
    data: {
      id: postId,
      caseId: row.id,
      kind: "statement",
      authorId: row.reporterId,
      interest: row.interest,
      interestNote: row.interestNote,
      createdAt: now,
      versions: {
        create: {
          id: newId("ver"),
          version: 1,
          body,
          kind: "first",
          createdAt: now,
          links: { create: links },
        },
      },
    },
  });
  for (const link of links)
    await ctx.jobs.send(tx, "link.capture", { version: 1, postLinkId: link.id }, { idempotencyKey: link.id });
  await recordCaseAct(ctx, tx, row, {
    kind: "evidence",
    key: `${postId}:1`,
    role: "reporter",
    predicate: {
      case: publicId,
      post: postId,
      version: 1,
      claim: null,
      interest: row.interest,
      text: await storePayload(tx, body),
    },
  });
}

/** A capture that a registration has put on record already is not recorded twice: its id is the key. */
async function recordCaptures(tx: Transaction, row: CaseRow, act: { about: string; t: Date }): Promise<void> {
  for (const { captureId } of row.releases) {
    const capture = captureId === null ? null : await loadCapture(tx, captureId);
    if (capture !== null) await recordCapture(tx, capture, act);
  }
}
