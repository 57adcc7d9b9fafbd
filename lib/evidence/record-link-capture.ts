import { type CaseRow, caseSubjects, isListed } from "@/lib/cases/server";
import { captureKey } from "@/lib/ledger";
import { citableCheckpoint, recordAct, storePayload, untilPublic } from "@/lib/ledger/server";
import type { Transaction } from "@/lib/platform/database";
import type { LinkCapture } from "@/lib/platform/database/generated/client";

/**
 * Puts what a linked address answered on record: the date beside it is then more than the page's word. Addresses are
 * what somebody wrote, so they are payloads. While the case is not listed the act waits outside of the log, like all
 * others about it.
 */
export async function recordLinkCapture(
  tx: Transaction,
  row: CaseRow,
  capture: LinkCapture & { readonly postId: string },
): Promise<void> {
  const { id, url, finalUrl, status, sha256, size, failure, capturedAt } = capture;
  await recordAct(tx, {
    kind: "capture",
    about: `case:${row.publicId}`,
    subjects: caseSubjects(row),
    predicate: {
      capture: id,
      case: row.publicId as string,
      post: capture.postId,
      address: await storePayload(tx, url),
      finalAddress: finalUrl === null || finalUrl === url ? null : await storePayload(tx, finalUrl),
      observedAt: capturedAt.toISOString(),
      status,
      content: sha256 === null || size === null ? null : { sha256, size },
      failure,
      checkpoint: await citableCheckpoint(tx),
    },
    dedupKey: captureKey(id),
    t: capturedAt,
    ...((await isListed(tx, row.id)) ? {} : { held: { until: untilPublic, forId: null } }),
  });
}
