import { type CanaryTerms, parseTerms } from "@/lib/engine/canary";
import {
  type BundledAnswers,
  type BundledReference,
  bundleSchemaName,
  type CanaryBundle,
} from "@/lib/engine/canary/bundle";
import { formatAnswers, parseAnswers } from "@/lib/engine/canary/transcript";
import type { Context } from "@/lib/platform/context";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import { firstOriginal } from "../first-original";
import { setsOfNamespaceBefore } from "../namespace-sets";
import { orderChain } from "../order-chain";
import { isPinnedBeforeDraw } from "../pinned-before-draw";
import { nonceSourceSchema } from "../schema";
import { chainHolds } from "../state";
import type { Judged } from "./authenticity";
import { isBeforeReveal } from "./before-reveal";
import { judgedAuthenticity } from "./collection";
import { originOf, shared, type ToldOrigin } from "./origin";
import { pairsTried } from "./pairs-tried";
import { referencesOf } from "./references";

type Reader = Pick<Context, "db" | "blobs">;

export interface BuiltBundle {
  readonly bundle: CanaryBundle;
  readonly originalId: string;
  readonly referenceIds: readonly string[];
}

/** Everything that the judgement of a suspect's answers follows from, out of what is logged. */
export async function buildBundle(
  ctx: Reader,
  set: CanarySet,
  suspect: CanaryAnswerSet,
): Promise<BuiltBundle> {
  const { db } = ctx;
  const terms = parseTerms(set.terms);
  const original = await firstOriginal(db, set);
  if (original === null) throw new Error(`canary set ${set.setId} has no answers of its original any more`);
  const { taken, leftOut } = await referencesOf(db, set, (row) => judgedAuthenticity(ctx, set, row));
  const [one, other] = [await answersOf(ctx, set, original), await answersOf(ctx, set, suspect)];
  const name = distinctNames();
  const sides = {
    original: { ...one.answers, name: name(original) },
    suspect: { ...other.answers, name: name(suspect) },
  };
  const references: BundledReference[] = [];
  for (const { row, worth } of taken) {
    const { answers, origin } = await answersOf(ctx, set, row, worth);
    const beforeReveal = await isFixedBefore(db, set, row);
    references.push({ ...answers, name: name(row), kin: [...origin.kin], beforeReveal });
  }
  const chain = await orderChain(db, set.setId, suspect.id, original.id);
  const { ok, withheld } = chainHolds(chain);
  return {
    originalId: original.id,
    referenceIds: taken.map(({ row }) => row.id),
    bundle: {
      schema: bundleSchemaName,
      set: { setId: set.setId, root: set.root, authorKeyId: set.authorKeyId, size: set.items },
      terms: set.terms as CanaryBundle["terms"],
      beacon: beaconOf(set),
      openings: await openingsOf(ctx, set, terms),
      ...sides,
      references,
      leftOut: [...leftOut],
      declaredShared: shared(one.origin, other.origin),
      order: { ok, withheld: [...withheld] },
      setsOfNamespace: await setsOfNamespaceBefore(db, set.setId, suspect.id),
      pairsTried: [...(await pairsTried(db, set, suspect))],
      result: null,
    },
  };
}

/**
 * Whether a reference was fixed before anybody could choose it by what it answers: registered before the first reveal. A
 * generator's items are public at once, so that its weights have to be fixed before the draw.
 */
export function isFixedBefore(db: Reader["db"], set: CanarySet, row: CanaryAnswerSet): Promise<boolean> {
  return set.kind === "generator" ? isPinnedBeforeDraw(db, set, row) : isBeforeReveal(db, set, row.id);
}

/** Two answer sets of one name could not be told apart: whoever comes later has its id beside the name. */
function distinctNames(): (row: CanaryAnswerSet) => string {
  const taken = new Set<string>();
  return ({ id, name }) => {
    const own = taken.has(name) ? `${name} (${id})` : name;
    taken.add(own);
    return own;
  };
}

/** What was revealed in time: items opened after the deadline have failed for ever. */
async function openingsOf(
  { db }: Reader,
  set: CanarySet,
  terms: CanaryTerms,
): Promise<CanaryBundle["openings"]> {
  if (terms.generator !== undefined) return [];
  const rows = await db.canaryReveal.findMany({
    where: {
      canarySetId: set.id,
      redactionId: null,
      ...(set.revealBy === null ? {} : { createdAt: { lt: set.revealBy } }),
    },
    orderBy: { index: "asc" },
    select: { opening: true },
  });
  return rows.map(({ opening }) => JSON.parse(opening) as CanaryBundle["openings"][number]);
}

function beaconOf(set: CanarySet): CanaryBundle["beacon"] {
  if (set.nonce === null || set.nonceSource === null) return null;
  const source = nonceSourceSchema.parse(set.nonceSource);
  if (source.kind === "log-checkpoint") return { kind: source.kind, size: source.size, root: set.nonce };
  const { round, signature, previousSignature } = source;
  return { kind: "drand", round, signature, previousSignature };
}

async function answersOf(
  ctx: Reader,
  set: CanarySet,
  row: CanaryAnswerSet,
  known?: Judged,
): Promise<{ readonly answers: BundledAnswers; readonly origin: ToldOrigin }> {
  const bytes = await ctx.blobs.get(row.answersBlob);
  if (bytes === null) throw new Error(`the answers of ${row.id} are not in the blob store`);
  const origin = await originOf(ctx.db, row);
  const worth = known ?? (await judgedAuthenticity(ctx, set, row));
  return {
    origin,
    answers: {
      id: row.id,
      name: row.name,
      family: row.family,
      origin: origin.agreed,
      weights: row.weights,
      authenticity: worth.class,
      authenticityReasons: [...worth.reasons],
      transcript: row.transcriptRoot === null ? null : { root: row.transcriptRoot, calls: row.calls },
      ...(await publicPart(ctx, row, bytes)),
    },
  };
}

/**
 * What anybody may read of an answer file: all of it once it is public, with the salt of its logged digest; of a held one
 * the answers to revealed items. The digest of the whole cannot be checked on a part, and its salt would let guesses at
 * the rest be checked.
 */
async function publicPart(
  { db }: Reader,
  row: CanaryAnswerSet,
  bytes: Uint8Array,
): Promise<Pick<BundledAnswers, "answers" | "logged">> {
  if (row.status === "logged") {
    const salt = Buffer.from(row.answersSalt).toString("hex");
    return { answers: Buffer.from(bytes).toString("utf8"), logged: { salt, sha256: row.answersSha256 } };
  }
  const revealed = await db.canaryReveal.findMany({
    where: { canarySetId: row.canarySetId },
    select: { itemId: true },
  });
  const open = new Set(revealed.map(({ itemId }) => itemId));
  return { answers: formatAnswers(parseAnswers(bytes).filter(({ id }) => open.has(id))), logged: null };
}
