import { timeOfRound } from "@/lib/engine/canary";
import { orderOf } from "@/lib/ledger/server";
import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import { authorKeyIdOf } from "./author-key";
import type { ChainReason, ChainStepDto } from "./dto";
import { firstObservation } from "./first-observation";
import { firstOriginal } from "./first-original";
import { type LoggedStep, loggedStep, stepAt } from "./log-steps";
import { pinningEntry } from "./pinned";
import { beaconOf, isPinnedBeforeDraw } from "./pinned-before-draw";

/**
 * The order that makes a set evidence against one suspect (CANARIES.md), entry by entry: commitment < nonce < the
 * original's weights and answers < first observation of the suspect < its answers < first reveal. Each "<" counts only
 * when the earlier entry lies inside a published, vouched checkpoint that the later one cites; so it is not transitive
 * by dates, and what rests on our word says so. `originalId`: the original's answers that are judged by; the first
 * registered ones when left out.
 */
export async function orderChain(
  db: Database,
  setId: string,
  answerSetId: string | null,
  originalId: string | null = null,
): Promise<readonly ChainStepDto[]> {
  const set = await db.canarySet.findUnique({ where: { setId } });
  if (set === null) return [];
  const commit = await loggedStep(db, `commit:${setId}`);
  const original = await originalOf(db, set, originalId);
  const steps = [
    commitStep(set, commit),
    nonceStep(set, commit),
    await originalStep(db, set, original, commit),
  ];
  if (answerSetId === null) return steps.map(({ step }) => step);
  const suspect = await db.canaryAnswerSet.findFirst({ where: { id: answerSetId, canarySetId: set.id } });
  if (suspect === null) return steps.map(({ step }) => step);
  const originalEntry = steps[2]?.entry ?? null;
  const seen = await observedStep(db, suspect, originalEntry);
  // A suspect that was out before may still be asked what was drawn after the original was fixed.
  const drawn = set.kind === "generator" && steps[2]?.step.ok === true && seen.entry !== null;
  const observed = drawn && !seen.step.ok ? placed("observed", seen.entry, "not-needed") : seen;
  const answers = await answersStep(db, suspect, observed.entry);
  const reveal = await revealStep(db, set, suspect, answers.entry);
  return [...steps, observed, answers, reveal].map(({ step }) => step);
}

interface Placed {
  readonly step: ChainStepDto;
  readonly entry: LoggedStep | null;
}
const placed = (id: ChainStepDto["id"], entry: LoggedStep | null, reason: ChainReason): Placed => ({
  step: stepAt(id, entry, reason),
  entry,
});

function commitStep(set: CanarySet, entry: LoggedStep | null): Placed {
  if (entry === null) return placed("commit", null, "not-logged");
  // A key that somebody names is theirs only where it signed.
  const ownKey = set.authorKeyId !== null && set.authorKeyId !== authorKeyIdOf(set.ownerId);
  if (ownKey && entry.signer !== set.authorKeyId)
    return placed("commit", entry, entry.redacted ? "redacted" : "author-key-unproved");
  return placed("commit", entry, entry.noLaterThan === null ? "our-word" : "ordered");
}

/** The beacon's round is dated by its network: the commitment has to be dated before it by somebody outside. */
function nonceStep(set: CanarySet, commit: LoggedStep | null): Placed {
  const beacon = beaconOf(set);
  const at = (reason: ChainReason, time: string | null): Placed => ({
    step: { ...stepAt("nonce", null, reason), at: time },
    entry: null,
  });
  if (beacon === null) return at("no-terms", null);
  if (beacon.kind === "none") return at(set.kind === "natural" ? "not-needed" : "no-beacon", null);
  const time = beacon.kind === "drand" ? new Date(timeOfRound(beacon)).toISOString() : null;
  const known = time ?? set.nonceAt?.toISOString() ?? null;
  if (commit === null) return at("not-logged", known);
  if (set.nonce === null) return at("not-yet", time);
  // The root of a tree covers what is in it: nobody can have known it before.
  if (beacon.kind === "log-checkpoint")
    return at(commit.index < beacon.size ? "ordered" : "not-covered", known);
  if (commit.noLaterThan === null) return at("our-word", known);
  return at(
    Date.parse(commit.noLaterThan) < timeOfRound(beacon) ? "ordered" : "beacon-before-commitment",
    known,
  );
}

async function originalOf(
  db: Database,
  set: CanarySet,
  originalId: string | null,
): Promise<CanaryAnswerSet | null> {
  if (originalId === null) return firstOriginal(db, set);
  return db.canaryAnswerSet.findFirst({ where: { canarySetId: set.id, role: "original", id: originalId } });
}

async function originalStep(
  db: Database,
  set: CanarySet,
  original: CanaryAnswerSet | null,
  commit: LoggedStep | null,
): Promise<Placed> {
  if (original === null) return placed("original", null, "not-yet");
  const entry = await loggedStep(db, `responses:${original.id}`);
  if (entry === null) return placed("original", null, "not-logged");
  if (original.weights === null && original.releaseId === null)
    return placed("original", entry, "weights-not-pinned");
  // What was drawn is public: an original that was not fixed before could be trained to err as a suspect does, and no
  // log knows since when a suspect is out.
  if (set.kind === "generator" && !(await isPinnedBeforeDraw(db, set, original)))
    return placed("original", entry, "fixed-after-draw");
  return placed("original", entry, await reasonOf(db, commit, entry));
}

async function observedStep(
  db: Database,
  suspect: CanaryAnswerSet,
  original: LoggedStep | null,
): Promise<Placed> {
  const first = await firstObservation(db, suspect);
  const entry = first === null ? null : await loggedStep(db, first.dedupKey);
  if (first === null || entry === null) return placed("observed", null, "not-logged");
  const reason = await reasonOf(db, original, entry);
  // We had looked at it before, even if nothing public rested on that look yet.
  if (reason === "ordered" && original !== null && first.seenAt.getTime() <= Date.parse(original.at))
    return placed("observed", entry, "seen-before");
  return placed("observed", entry, reason);
}

async function answersStep(
  db: Database,
  suspect: CanaryAnswerSet,
  observed: LoggedStep | null,
): Promise<Placed> {
  const entry = await loggedStep(db, `responses:${suspect.id}`);
  if (entry === null) return placed("answers", null, "not-logged");
  // The answers themselves may be the first that anybody saw of it.
  if (entry.index === observed?.index) return placed("answers", entry, "ordered");
  return placed("answers", entry, await reasonOf(db, observed, entry));
}

/**
 * Answers come before the first reveal; only weights that were fixed before it may be asked afterwards, because whoever
 * answers cannot choose them any more.
 */
async function revealStep(
  db: Database,
  set: CanarySet,
  suspect: CanaryAnswerSet,
  answers: LoggedStep | null,
): Promise<Placed> {
  if (set.kind === "generator") return placed("reveal", null, "not-needed");
  const entry = await loggedStep(db, `reveal:${set.setId}:1`);
  if (entry === null) {
    const revealed = await db.canaryReveal.count({ where: { canarySetId: set.id } });
    return placed("reveal", null, revealed === 0 ? "not-yet" : "not-logged");
  }
  if (answers === null) return placed("reveal", entry, "not-logged");
  if (answers.index < entry.index) return placed("reveal", entry, await reasonOf(db, answers, entry));
  const pinned = await pinningEntry(db, suspect);
  if (pinned === null) return placed("reveal", entry, "not-covered");
  return placed(
    "reveal",
    entry,
    entry.redacted ? "redacted" : (await orderOf(db, pinned.index, entry)).reason,
  );
}

async function reasonOf(db: Database, earlier: LoggedStep | null, later: LoggedStep): Promise<ChainReason> {
  if (earlier === null) return "not-logged";
  if (later.redacted) return "redacted";
  return (await orderOf(db, earlier.index, later)).reason;
}
