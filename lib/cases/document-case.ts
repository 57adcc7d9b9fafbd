import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { searchText } from "@/lib/platform/search";
import { appendCaseEvent } from "./append-case-event";
import { recordCaseAct } from "./case-acts";
import { nextPublicId } from "./case-number";
import { casePaths } from "./case-paths";
import { lockCase } from "./load-case";
import { recordOutcome } from "./record-outcome";
import { type DocumentCaseInput, documentCaseInput } from "./schema";

/**
 * Enters a case that was settled elsewhere, told from public sources: dated statements, each with its source. Nothing
 * was measured here and nobody is notified; the finding is what the sources carry, and the page says where it is from.
 * Moderators only. The same pair a second time is refused.
 */
export async function documentCase(
  ctx: Context,
  input: DocumentCaseInput,
): Promise<{ readonly publicId: string }> {
  const asked = parseInput(documentCaseInput, input);
  const { viewer } = ctx;
  if (viewer.role !== "moderator" && viewer.role !== "admin") throw new AppError("not-allowed");
  const now = ctx.clock.now();
  const caseId = newId("cse");
  return ctx.db.$transaction(async (tx) => {
    const releases: { id: string; releaseId: string; role: "original" | "suspect" }[] = [];
    for (const role of ["original", "suspect"] as const) {
      const { source, repository, commit } = asked[role];
      const pinned = { source, repository, commit };
      await tx.release.createMany({
        data: [{ id: newId("rel"), ...pinned, createdAt: now }],
        skipDuplicates: true,
      });
      const release = await tx.release.findUniqueOrThrow({ where: { source_repository_commit: pinned } });
      const known = await tx.case.findFirst({
        where: { documented: true, releases: { some: { role, releaseId: release.id } } },
      });
      if (known) throw new AppError("already-done", { detail: { case: known.publicId ?? "" } });
      releases.push({ id: newId("crl"), releaseId: release.id, role });
    }
    const publicId = await nextPublicId(tx, ctx.settings.casePrefix, now);
    const words = asked.record.flatMap((one) => [one.textEn, one.textZh]);
    await tx.case.create({
      data: {
        id: caseId,
        publicId,
        state: "resolved",
        finding: asked.finding,
        findingReasons: asked.reasons.map((code) => ({ code })),
        reporterId: viewer.userId,
        interest: "none",
        documented: true,
        createdAt: now,
        submittedAt: now,
        openedAt: now,
        resolvedAt: now,
        updatedAt: now,
        searchText: searchText([publicId, asked.original.repository, asked.suspect.repository, ...words]),
        releases: { create: releases },
        parties: {
          create: (["original", "suspect"] as const).map((side) => ({
            id: newId("pty"),
            side,
            name: asked[side].party,
            createdAt: now,
          })),
        },
        record: {
          create: asked.record.map((one, index) => ({
            ...one,
            sourceUrl: one.sourceUrl ?? null,
            id: newId("rec"),
            position: index + 1,
          })),
        },
      },
    });
    const data = { publicId, statements: asked.record.length };
    const sequence = await appendCaseEvent(
      tx,
      caseId,
      { type: "case-documented", data },
      { actorId: viewer.userId, at: now },
    );
    const row = await lockCase(tx, caseId);
    const act = { key: sequence, role: "moderator" } as const;
    await recordCaseAct(ctx, tx, row, {
      ...act,
      kind: "state",
      predicate: {
        case: publicId,
        from: "draft",
        to: "resolved",
        reason: "documented-from-public-sources",
        note: await storePayload(tx, JSON.stringify(asked.record)),
      },
    });
    await recordCaseAct(ctx, tx, row, {
      ...act,
      kind: "finding",
      predicate: { case: publicId, finding: asked.finding, reasons: asked.reasons, results: [] },
    });
    const { finding } = asked;
    await recordOutcome(ctx, tx, row, { state: "resolved", finding, by: "moderators", people: 1, sequence });
    await tx.auditEvent.create({
      data: { actorId: viewer.userId, action: "case.document", subject: caseId, data, createdAt: now },
    });
    await pagesChanged(tx, casePaths(publicId));
    return { publicId };
  });
}
