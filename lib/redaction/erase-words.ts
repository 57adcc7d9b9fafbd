import { eraseAnswers, eraseCommitment, eraseJudgement, eraseReveal } from "@/lib/canaries/server";
import { eraseClaim, eraseNotice, eraseRecord } from "@/lib/cases/server";
import { eraseLinkCapture, eraseVersion } from "@/lib/evidence/server";
import type { Transaction } from "@/lib/platform/database";
import {
  eraseAuthorsFingerprint,
  eraseCapturedFiles,
  eraseRegistration,
  eraseWithdrawReason,
} from "@/lib/registry/server";
import { eraseRecallNote, eraseResult } from "@/lib/verification/server";
import type { FoundAct } from "./find-act";

/** What went out of the database, and what has to follow it. */
export interface Erased {
  /** Pages that showed it, without the locale. */
  readonly paths: readonly string[];
  /** SHA-256 of files that have to leave the blob store. */
  readonly blobs: readonly string[];
}

type Eraser = (tx: Transaction, parts: readonly string[], redactionId: string) => Promise<Erased>;
const pages = (paths: readonly string[]): Erased => ({ paths, blobs: [] });
const nothing: Eraser = async () => pages([]);

const text: Eraser = async (tx, [, postId = "", version], redactionId) =>
  pages(await eraseVersion(tx, { postId, version: Number(version) }, redactionId));

/**
 * For each kind, what its act put before readers besides the entry itself, by the parts of its key. Kinds that are not
 * here publish codes, digests and release names only: nothing of them stands anywhere but in the statement.
 */
const erasers: Readonly<Record<string, Eraser>> = {
  evidence: text,
  reply: text,
  correct: text,
  claim: async (tx, [publicId = "", number], redactionId) =>
    pages(await eraseClaim(tx, { publicId, number: Number(number) }, redactionId)),
  notify: async (tx, [publicId = "", sequence]) =>
    pages(await eraseNotice(tx, { publicId, sequence: Number(sequence) })),
  // The one with a note is that of a documented case: the record is what it cites.
  state: async (tx, [publicId = ""]) => pages(await eraseRecord(tx, { publicId })),
  register: (tx, [modelId = ""], redactionId) => eraseRegistration(tx, modelId, redactionId),
  withdraw: async (tx, [id = ""]) => (id.startsWith("mdl_") ? eraseWithdrawReason(tx, id) : pages([])),
  capture: async (tx, [captureId = ""]) =>
    captureId.startsWith("lnk_")
      ? pages(await eraseLinkCapture(tx, captureId))
      : eraseCapturedFiles(tx, captureId),
  observe: async (tx, [modelId = "", origin, digest = ""]) =>
    origin === "author" ? eraseAuthorsFingerprint(tx, { modelId, digest }) : pages([]),
  verify: (tx, [id = ""], redactionId) =>
    id.startsWith("jdg_") ? eraseJudgement(tx, id, redactionId) : eraseResult(tx, id, redactionId),
  // The restatement with a model ("commit:<set>:<model>") holds no words.
  commit: async (tx, [setId = "", modelId], redactionId) =>
    modelId === undefined ? eraseCommitment(tx, setId, redactionId) : pages([]),
  responses: (tx, [answersId = ""], redactionId) => eraseAnswers(tx, answersId, redactionId),
  reveal: (tx, [setId = "", batch], redactionId) =>
    eraseReveal(tx, { setId, batch: Number(batch) }, redactionId),
  recall: async (tx, [name = ""]) => pages(await eraseRecallNote(tx, name)),
};

/** Erases what an act published, in the domain that owns it. Again is harmless. */
export function eraseWords(tx: Transaction, act: FoundAct, redactionId: string): Promise<Erased> {
  const [, ...parts] = act.dedupKey.split(":");
  return (erasers[act.kind] ?? nothing)(tx, parts, redactionId);
}
