import type { EntryDate } from "@/lib/ledger";
import { captureDates, type DateReader } from "@/lib/ledger/server";
import type { Prisma } from "@/lib/platform/database/generated/client";
import type { CaptureDto, CaseReleaseDto, ReleaseRole } from "./dto";

export const releaseInclude = {
  release: {
    include: { models: { where: { state: "registered" }, orderBy: { createdAt: "asc" }, take: 1 } },
  },
  capture: true,
} satisfies Prisma.CaseReleaseInclude;

type Row = Prisma.CaseReleaseGetPayload<{ include: typeof releaseInclude }>;

const order: readonly ReleaseRole[] = ["original", "suspect", "ancestor", "control"];

/** The releases of a case in the order of their roles, with what was captured of each. */
export async function releaseDtos(db: DateReader, rows: readonly Row[]): Promise<CaseReleaseDto[]> {
  const dateOf = await captureDates(
    db,
    rows.map(({ captureId }) => captureId),
  );
  return [...rows]
    .sort((a, b) => roleRank(a.role) - roleRank(b.role) || a.position - b.position)
    .map((row) => ({
      role: row.role as ReleaseRole,
      releaseId: row.releaseId,
      source: row.release.source as CaseReleaseDto["source"],
      repository: row.release.repository,
      commit: row.release.commit,
      capture: row.capture ? captureDto(row.capture, dateOf(row.captureId)) : null,
      modelId: row.release.models[0]?.id ?? null,
    }));
}

const roleRank = (role: string): number => order.indexOf(role as ReleaseRole);

function captureDto(capture: NonNullable<Row["capture"]>, date: EntryDate | null): CaptureDto {
  const declared = capture.declared as { baseModels?: string[] };
  return {
    id: capture.id,
    observedAt: capture.observedAt.toISOString(),
    date,
    licence: capture.licence,
    declaredBases: declared.baseModels ?? [],
    likes: capture.likes,
    downloads: capture.downloads,
    fileCount: (capture.files as unknown[]).length,
    metadata: capture.metadata as unknown as CaptureDto["metadata"],
    notes: capture.notes as unknown as CaptureDto["notes"],
  };
}
