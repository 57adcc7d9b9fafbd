import { z } from "zod";
import { captureDates, type DateReader } from "@/lib/ledger/server";
import type { Database, Transaction } from "@/lib/platform/database";
import type { CaptureDto, RecordedCaptureDto, ReleaseDto } from "./dto";
import {
  captureNoteSchema,
  declaredSchema,
  listedFileSchema,
  metadataFileSchema,
  tensorSummarySchema,
} from "./schema";

/**
 * How long a capture may be registered or drafted from. A capture row is our own observation of a public release,
 * the same for everybody, and its id (100 random bits) is told only to who asked: it needs no owner, only freshness.
 */
export const captureLifetimeMs = 60 * 60 * 1000;

const columns = z.object({
  declared: declaredSchema,
  files: z.array(listedFileSchema),
  metadata: z.array(metadataFileSchema),
  tensors: tensorSummarySchema.nullable(),
  notes: z.array(captureNoteSchema),
});

export interface CaptureRow {
  readonly id: string;
  readonly observedAt: Date;
  readonly licence: string | null;
  readonly likes: number | null;
  readonly downloads: number | null;
  readonly declared: unknown;
  readonly files: unknown;
  readonly metadata: unknown;
  readonly tensors: unknown;
  readonly notes: unknown;
  readonly release: ReleaseRow;
}

export interface ReleaseRow {
  readonly id: string;
  readonly source: string;
  readonly repository: string;
  readonly commit: string;
}

export function releaseDto({ id, source, repository, commit }: ReleaseRow): ReleaseDto {
  return {
    id,
    source: source === "github" ? "github" : "hf",
    repository,
    commit,
    spec: `${source}:${repository}@${commit}`,
  };
}

export function captureDto(row: CaptureRow): CaptureDto {
  const { id, observedAt, licence, likes, downloads, release } = row;
  return { id, observedAt, licence, likes, downloads, release: releaseDto(release), ...columns.parse(row) };
}

/** The same with what their dates rest on. */
export async function recordedCaptureDtos(
  db: DateReader,
  rows: readonly CaptureRow[],
): Promise<readonly RecordedCaptureDto[]> {
  const dateOf = await captureDates(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...captureDto(row), date: dateOf(row.id) }));
}

export async function loadCapture(db: Database | Transaction, id: string): Promise<CaptureDto | null> {
  const row = await db.capture.findUnique({ where: { id }, include: { release: true } });
  return row && captureDto(row);
}
