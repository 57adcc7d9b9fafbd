import { z } from "zod";
import type { Database, Transaction } from "@/lib/platform/database";
import type { Prisma } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { endingOfRows } from "./appeals";
import type { CaseAccess } from "./policy";
import { findingReason, findings, withdrawReasons } from "./schema";
import type { CaseFacts, Proposal } from "./state";

const include = {
  parties: true,
  claims: {
    orderBy: { number: "asc" },
    include: { redaction: { select: { reason: true, erasedAt: true } } },
  },
  releases: { include: { release: true }, orderBy: [{ role: "asc" }, { position: "asc" }] },
} satisfies Prisma.CaseInclude;

export type CaseRow = Prisma.CaseGetPayload<{ include: typeof include }>;

const by = { by: z.string(), at: z.string() };
const proposalSchema = z.discriminatedUnion("act", [
  z.object({ act: z.literal("resolve"), ...by, finding: z.enum(findings), reasons: z.array(findingReason) }),
  z.object({ act: z.literal("withdraw"), ...by, reason: z.enum(withdrawReasons) }),
]);

export function readProposal(stored: unknown): Proposal | null {
  return stored === null || stored === undefined ? null : proposalSchema.parse(stored);
}

/** By internal id (cse_…) or public id (SLP-2026-0001). */
export async function findCase(db: Database | Transaction, id: string): Promise<CaseRow | null> {
  // An address may hold what no id does, and what PostgreSQL refuses to look for (a zero byte).
  if (!/^[\w-]{1,60}$/.test(id)) return null;
  return db.case.findUnique({ where: id.startsWith("cse_") ? { id } : { publicId: id }, include });
}

/** The case with its row locked until the transaction ends: every command starts with it, so two at once take turns. */
export async function lockCase(tx: Transaction, id: string): Promise<CaseRow> {
  await tx.$queryRaw`SELECT id FROM "case" WHERE id = ${id} OR public_id = ${id} FOR UPDATE`;
  const row = await findCase(tx, id);
  if (!row) throw new AppError("not-found");
  return row;
}

export function accessOf(row: CaseRow): CaseAccess {
  return {
    state: row.state,
    reporterId: row.reporterId,
    partyUserIds: row.parties.flatMap((party) => (party.userId && party.acceptedAt ? [party.userId] : [])),
  };
}

/** The facts that decide on a transition. Only a reply of the suspect's side ends the wait for its reply. */
export async function factsOf(tx: Transaction, row: CaseRow): Promise<CaseFacts> {
  const replies = await tx.post.count({
    where: { caseId: row.id, kind: "party-reply", state: "visible", party: { side: "suspect" } },
  });
  const events = await tx.caseEvent.findMany({ where: { caseId: row.id }, orderBy: { sequence: "asc" } });
  return {
    state: row.state,
    createdAt: row.createdAt,
    submittedAt: row.submittedAt,
    replyDueAt: row.replyDueAt,
    resolvedAt: row.resolvedAt,
    withdrawnAt: row.withdrawnAt,
    documented: row.documented,
    partyReplied: replies > 0,
    ending: endingOfRows(events),
    proposal: readProposal(row.proposal),
  };
}

/** What the page title names: artefacts, never people. */
export function namesOf(row: CaseRow): { readonly original: string; readonly suspect: string } {
  const first = (role: string) =>
    row.releases.find((one) => one.role === role && one.position === 0)?.release.repository ?? "";
  return { original: first("original"), suspect: first("suspect") };
}
