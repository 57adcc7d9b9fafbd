import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { appendCaseEvent } from "./append-case-event";
import { recordCaseAct } from "./case-acts";
import { casePaths } from "./case-paths";
import { accessOf, lockCase } from "./load-case";
import { may } from "./policy";
import { type AcceptPartyInput, acceptPartyInput } from "./schema";

/** A moderator records that an account speaks for a named namespace, and on what basis. */
export async function acceptParty(ctx: Context, input: AcceptPartyInput): Promise<void> {
  const userId = memberOf(ctx.viewer);
  const asked = parseInput(acceptPartyInput, input);
  await ctx.db.$transaction(async (tx) => {
    const row = await lockCase(tx, asked.caseId);
    if (!may(ctx.viewer, accessOf(row)).moderate) throw new AppError("not-allowed");
    // In a draft nobody has been told yet, so nobody can have come to speak.
    if (row.state === "draft") throw new AppError("wrong-state", { detail: { state: row.state } });
    const party = row.parties.find((one) => one.id === asked.partyId);
    if (!party) throw new AppError("not-found");
    const user = await tx.user.findFirst({
      where: {
        deletedAt: null,
        ...(asked.email === undefined
          ? { id: asked.userId ?? "" }
          : { email: { equals: asked.email, mode: "insensitive" } }),
      },
      select: { id: true, name: true },
    });
    if (!user) throw new AppError("invalid-input", { fields: { email: "unknown-account" } });
    if (party.userId === user.id) return;
    if (party.userId !== null) throw new AppError("already-done");
    // One account cannot speak for both sides, nor for the side it reports.
    if (row.parties.some((one) => one.userId === user.id))
      throw new AppError("invalid-input", { fields: { email: "other-side" } });
    if (party.side === "suspect" && user.id === row.reporterId)
      throw new AppError("invalid-input", { fields: { email: "is-reporter" } });
    const now = ctx.clock.now();
    await tx.caseParty.update({
      where: { id: party.id },
      data: { userId: user.id, basis: asked.basis, acceptedAt: now },
    });
    const sequence = await appendCaseEvent(
      tx,
      row.id,
      {
        type: "party-accepted",
        data: { partyId: party.id, side: party.side, name: party.name, basis: asked.basis },
      },
      { actorId: userId, at: now },
    );
    await recordCaseAct(ctx, tx, row, {
      kind: "moderate",
      key: sequence,
      role: "moderator",
      predicate: {
        case: row.publicId,
        action: "accept-party",
        subject: party.id,
        reason: asked.basis,
        note: null,
      },
    });
    await recordCaseAct(ctx, tx, row, {
      kind: "namespace",
      key: sequence,
      role: "moderator",
      predicate: {
        case: row.publicId as string,
        party: party.id,
        side: party.side as "suspect",
        name: await storePayload(tx, party.name),
        speaker: user.name === null ? null : await storePayload(tx, user.name),
        basis: asked.basis,
      },
    });
    await tx.auditEvent.create({
      data: {
        actorId: userId,
        action: "case.accept-party",
        subject: row.id,
        data: { partyId: party.id, userId: user.id, basis: asked.basis },
        createdAt: now,
      },
    });
    await pagesChanged(tx, casePaths(row.publicId));
  });
}
