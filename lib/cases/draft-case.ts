import { repositoryName } from "@/lib/engine/methods/lineage/names";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import type { PreparedCapture } from "@/lib/registry";
import { ensureCapture } from "@/lib/registry/server";
import { claimAllowed, methodOfClaim } from "./claims";
import { caseOfPair } from "./pair";
import { type DraftCaseInput, draftCaseInput } from "./schema";

type Captured = PreparedCapture;

export type DraftOutcome =
  | { readonly outcome: "drafted"; readonly caseId: string; readonly declared: boolean }
  /** The pair has a case already: the report joins it, as evidence there. */
  | { readonly outcome: "joined"; readonly caseId: string; readonly publicId: string };

/**
 * Starts a report. Both sides are captured before anything else is written and before anybody is told, outside of the
 * transaction (the far side may be slow); captures are observations and stay even if the draft is refused afterwards.
 */
export async function draftCase(ctx: Context, input: DraftCaseInput): Promise<DraftOutcome> {
  const reporterId = memberOf(ctx.viewer);
  const asked = parseInput(draftCaseInput, input);
  const key = asked.idempotencyKey === undefined ? null : `${reporterId}:${asked.idempotencyKey}`;
  if (key !== null) {
    const same = await ctx.db.case.findUnique({ where: { idempotencyKey: key } });
    if (same) return { outcome: "drafted", caseId: same.id, declared: same.declared };
  }

  await consumeAct(ctx, "draft");
  const original = await captureField(ctx, "original", asked.original);
  const suspect = await captureField(ctx, "suspect", asked.suspect);
  if (original.releaseId === suspect.releaseId)
    throw new AppError("same-release", { fields: { suspect: "same-release" } });
  const others: Record<"ancestors" | "controls", Captured[]> = { ancestors: [], controls: [] };
  for (const role of ["ancestors", "controls"] as const) {
    for (const [index, text] of asked[role].entries()) {
      const one = await captureField(ctx, `${role}.${index}`, text);
      // A side cannot be its own ancestor or control: that would explain everything away.
      if (one.releaseId === original.releaseId || one.releaseId === suspect.releaseId)
        throw new AppError("same-release", { fields: { [`${role}.${index}`]: "same-release" } });
      others[role].push(one);
    }
  }

  const declared = declares(suspect, original);
  // With a card that declares the original, an account of other claims is kept out here; the form offers the rest.
  if (asked.claims.some((claim) => !claimAllowed(claim.kind, declared)))
    throw new AppError("declared-derivative", { fields: { claims: "declared-derivative" } });

  const now = ctx.clock.now();
  const caseId = newId("cse");
  const roles = [
    { role: "original", captures: [original] },
    { role: "suspect", captures: [suspect] },
    { role: "ancestor", captures: others.ancestors },
    { role: "control", captures: others.controls },
  ];
  return ctx.db.$transaction(async (tx) => {
    const existing = await caseOfPair(tx, original.release, suspect.release);
    if (existing) return { outcome: "joined", caseId: existing.id, publicId: existing.publicId };
    if (key !== null) {
      // A double click sends the same form twice at once: the second waits here for the first.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 11))`;
      const same = await tx.case.findUnique({ where: { idempotencyKey: key } });
      if (same) return { outcome: "drafted", caseId: same.id, declared: same.declared };
    }
    await tx.case.create({
      data: {
        id: caseId,
        reporterId,
        interest: asked.interest,
        interestNote: asked.interestNote ?? null,
        declared,
        draftStatement: asked.statement,
        createdAt: now,
        updatedAt: now,
        idempotencyKey: key,
        claims: {
          create: asked.claims.map((claim, index) => ({
            id: newId("clm"),
            number: index + 1,
            kind: claim.kind,
            method: methodOfClaim[claim.kind],
            text: claim.text,
            createdAt: now,
          })),
        },
        releases: {
          create: roles.flatMap(({ role, captures }) =>
            distinct(captures).map((one, position) => ({
              id: newId("crl"),
              releaseId: one.releaseId,
              captureId: one.captureId,
              role,
              position,
            })),
          ),
        },
        parties: {
          create: [
            { id: newId("pty"), side: "original", name: namespaceOf(original), createdAt: now },
            { id: newId("pty"), side: "suspect", name: namespaceOf(suspect), createdAt: now },
          ],
        },
      },
    });
    return { outcome: "drafted", caseId, declared };
  });
}

/** Captures one address; what goes wrong is told at its field. */
async function captureField(ctx: Context, field: string, text: string): Promise<Captured> {
  try {
    return await ensureCapture(ctx, await addressOf(ctx, text));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, { detail: error.detail, fields: { [field]: error.code }, cause: error });
  }
}

/** A registered model stands for its release, at the commit that was registered. */
async function addressOf(ctx: Context, text: string): Promise<string> {
  if (!text.startsWith("mdl_")) return text;
  const model = await ctx.db.model.findUnique({ where: { id: text }, include: { release: true } });
  if (!model) throw new AppError("not-found");
  return `${model.release.source}:${model.release.repository}@${model.release.commit}`;
}

/** The card names the original as a base model, however it writes it: by the same rule as the lineage method. */
function declares(suspect: Captured, original: Captured): boolean {
  const name = repositoryName(original.release.repository);
  return suspect.declared.baseModels.some((base) => repositoryName(base) === name);
}

const namespaceOf = (captured: Captured): string =>
  captured.release.repository.split("/")[0] ?? captured.release.repository;

function distinct(captures: readonly Captured[]): Captured[] {
  return captures.filter(
    (one, index) => captures.findIndex((other) => other.releaseId === one.releaseId) === index,
  );
}
