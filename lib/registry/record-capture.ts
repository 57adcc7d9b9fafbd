import { canonicalJson, sha256Hex } from "@/lib/engine/formats/canonical-json";
import { captureKey } from "@/lib/ledger";
import { citableCheckpoint, recordAct, type Subject } from "@/lib/ledger/server";
import type { Transaction } from "@/lib/platform/database";
import type { CaptureDto } from "./dto";
import { filesDigest } from "./fingerprint";

/** A release as the subject of a statement. */
export function releaseSubject({ release }: Pick<CaptureDto, "release">): Subject {
  return { name: `${release.source}:${release.repository}`, digest: { gitCommit: release.commit } };
}

/**
 * Puts our observation of a release on record. Called when the capture is first relied on in public (a registration,
 * a notice), not when it is made: a draft must not announce itself. The statement says when we looked.
 */
export async function recordCapture(
  tx: Transaction,
  capture: CaptureDto,
  act: { readonly about: string; readonly t: Date },
): Promise<void> {
  const { source, repository, commit } = capture.release;
  await recordAct(tx, {
    kind: "capture",
    about: act.about,
    subjects: [releaseSubject(capture)],
    predicate: {
      capture: capture.id,
      release: { source, repository, commit },
      observedAt: capture.observedAt.toISOString(),
      files: filesDigest(capture.files),
      metadata: sha256Hex(canonicalJson(capture.metadata)),
      checkpoint: await citableCheckpoint(tx),
    },
    dedupKey: captureKey(capture.id),
    t: act.t,
  });
}
