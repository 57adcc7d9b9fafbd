import { type CanaryTerms, deadlineEnds, generatorRoot, timeOfRound } from "@/lib/engine/canary";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { citableCheckpoint, heldForAuthor, recordAct, storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { planOf } from "@/lib/registry/server";
import { authorKeyIdOf } from "./author-key";
import { requireBeacon } from "./beacon";
import { queueNonce } from "./fetch-nonce";
import { pathsOf } from "./load-set";
import { provedNamespaces } from "./namespaces";
import { type CommitSetInput, commitSetSchema } from "./schema";

/**
 * Registers the public part of a set with its pre-registration, before anything is trained on it. The same again is the
 * same set. Errors: sign-in-required, invalid-input (terms.…: what cannot be kept; authorKeyId: needs-own-key; namespace:
 * not-proved; root: not-the-program), already-done (setId: set-taken; root: root-taken), too-many-requests.
 */
export async function commitSet(
  ctx: Context,
  input: CommitSetInput,
  options: { readonly example?: boolean } = {},
): Promise<{ readonly setId: string; readonly created: boolean }> {
  const ownerId = memberOf(ctx.viewer);
  const given = parseInput(commitSetSchema, input);
  await consumeAct(ctx, "registration");
  const now = ctx.clock.now();
  const { setId, root, terms, ownKey = false } = given;
  const account = authorKeyIdOf(ownerId);
  const authorKeyId = given.authorKeyId ?? account;
  // Anybody can name a key; the commitment's own signature is what proves it.
  if (authorKeyId !== account && !ownKey)
    throw new AppError("invalid-input", { fields: { authorKeyId: "needs-own-key" } });
  if (terms !== undefined) await requireTerms(ctx, terms, root, now);
  return ctx.db.$transaction(async (tx) => {
    const owner = await tx.user.findUnique({ where: { id: ownerId } });
    if (owner === null || owner.deletedAt !== null) throw new AppError("sign-in-required");
    const row = {
      setId,
      ownerId,
      root,
      authorKeyId,
      items: terms?.items ?? given.items ?? 0,
      kind: terms?.kind ?? given.kind ?? "natural",
      ...(await namespaceOf(tx, ownerId, given.namespace)),
    };
    await requireFreshRoot(tx, row);
    const id = newId("cns");
    const { count } = await tx.canarySet.createMany({
      // A second submit waits here for the first one's transaction, then finds its row.
      skipDuplicates: true,
      data: [
        {
          ...row,
          ...(terms === undefined ? {} : columnsOf(terms, now)),
          id,
          example: options.example ?? false,
          createdAt: now,
        },
      ],
    });
    if (count === 0) {
      const known = await tx.canarySet.findUniqueOrThrow({ where: { setId } });
      if (!isSame(known, row, terms)) throw new AppError("already-done", { fields: { setId: "set-taken" } });
      return { setId, created: false };
    }
    await recordAct(tx, {
      kind: "commit",
      about: `canary:${setId}`,
      subjects: [{ name: "canary-root", digest: { sha256: root } }],
      predicate: {
        model: null,
        setId,
        root,
        items: row.items,
        kind: row.kind,
        authorKeyId,
        namespace: {
          kind: row.namespaceKind,
          name: row.namespaceName === null ? null : await storePayload(tx, row.namespaceName),
        },
        terms: terms === undefined ? null : await storePayload(tx, canonicalJson(terms)),
        plan: planOf(terms ?? null),
        checkpoint: await citableCheckpoint(tx),
      },
      actor: { role: "registrant", name: owner.name },
      dedupKey: `commit:${setId}`,
      t: now,
      ...heldForAuthor(ctx, ownKey),
    });
    if (terms !== undefined && terms.beacon.kind !== "none")
      await queueNonce(ctx, tx, { id, ...columnsOf(terms, now) });
    await pagesChanged(tx, pathsOf({ setId, modelId: null }));
    return { setId, created: true };
  });
}

/** What the schema of the terms cannot know: today's date, the state of the beacon, the program's digest. */
async function requireTerms(ctx: Context, terms: CanaryTerms, root: string, now: Date): Promise<void> {
  const refuse = (fields: Record<string, string>) => new AppError("invalid-input", { fields });
  if (deadlineEnds(terms) <= now.getTime()) throw refuse({ "terms.deadline": "past" });
  await requireBeacon(ctx, terms, now);
  if (terms.generator !== undefined && root !== generatorRoot(terms.generator))
    throw refuse({ root: "not-the-program" });
}

function columnsOf(terms: CanaryTerms, now: Date) {
  const { beacon } = terms;
  return {
    terms,
    revealBy: new Date(deadlineEnds(terms)),
    beaconKind: beacon.kind,
    beaconRound:
      beacon.kind === "drand" ? BigInt(beacon.round) : beacon.kind === "none" ? null : BigInt(beacon.size),
    nonceDueAt: beacon.kind === "drand" ? new Date(timeOfRound(beacon)) : beacon.kind === "none" ? null : now,
  };
}

async function namespaceOf(tx: Transaction, ownerId: string, wanted: string | undefined) {
  if (wanted === undefined) return { namespaceKind: "account", namespaceName: null } as const;
  const proved = (await provedNamespaces(tx, ownerId)).find(
    ({ name }) => name.toLowerCase() === wanted.toLowerCase(),
  );
  if (proved === undefined) throw new AppError("invalid-input", { fields: { namespace: "not-proved" } });
  return { namespaceKind: proved.kind, namespaceName: proved.name } as const;
}

/**
 * A root belongs to the first set that committed to it. Its preimages hold set id and author, so nobody else could open
 * it; this only spares readers the sight. A generator's root is its program, which may be used again.
 */
async function requireFreshRoot(
  tx: Transaction,
  set: { readonly setId: string; readonly root: string; readonly kind: string },
): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`canary-root:${set.root}`}, 0))::text`;
  if (set.kind === "generator") return;
  const taken = await tx.canarySet.count({ where: { root: set.root, setId: { not: set.setId } } });
  if (taken > 0) throw new AppError("already-done", { fields: { root: "root-taken" } });
}

function isSame(
  known: CanarySet,
  row: Pick<CanarySet, "ownerId" | "root" | "items" | "kind" | "authorKeyId">,
  terms: CanaryTerms | undefined,
): boolean {
  return (
    known.ownerId === row.ownerId &&
    known.root === row.root &&
    known.items === row.items &&
    known.kind === row.kind &&
    known.authorKeyId === row.authorKeyId &&
    canonicalJson(known.terms as never) === canonicalJson(terms ?? null)
  );
}
