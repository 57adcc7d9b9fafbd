import { captureDates } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import type { Prisma } from "@/lib/platform/database/generated/client";
import { releaseDto } from "./captures";
import type { CheckpointDto, FingerprintJobDto, WeightFingerprintDto } from "./dto";
import { checkpointLabels, fingerprintKinds, jobFailureSchema, jobProgressSchema } from "./schema";

type Reader = { readonly db: Context["db"] | Transaction };

export function weightFingerprintDto(
  row: Prisma.WeightFingerprintGetPayload<Record<string, never>>,
): WeightFingerprintDto {
  const { id, schema, digest, origin, blobSha256, size, tensors, commit, signedBy, build, createdAt } = row;
  return { id, schema, digest, origin, file: blobSha256, size, tensors, commit, signedBy, build, createdAt };
}

export async function weightFingerprintsOf(
  ctx: Reader,
  modelId: string,
): Promise<readonly WeightFingerprintDto[]> {
  const rows = await ctx.db.weightFingerprint.findMany({
    where: { modelId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return rows.map(weightFingerprintDto);
}

/** Of each kind the latest computation, unless it is finished: then the fingerprint itself is there. */
export async function fingerprintJobsOf(ctx: Reader, modelId: string): Promise<readonly FingerprintJobDto[]> {
  const jobs: FingerprintJobDto[] = [];
  for (const kind of fingerprintKinds) {
    const row = await ctx.db.fingerprintJob.findFirst({
      where: { modelId, kind },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    });
    if (row === null || row.state === "finished") continue;
    const { id, state, createdAt, finishedAt } = row;
    const progress = jobProgressSchema.parse(row.progress);
    jobs.push({
      id,
      kind,
      state,
      progress,
      failure: jobFailureSchema.parse(row.failure),
      createdAt,
      finishedAt,
    });
  }
  return jobs;
}

export async function checkpointsOf(
  ctx: Reader,
  modelIds: readonly string[],
): Promise<readonly CheckpointDto[]> {
  const rows = await ctx.db.checkpoint.findMany({
    where: { modelId: { in: [...modelIds] } },
    include: { release: true, capture: { select: { observedAt: true } } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const dateOf = await captureDates(
    ctx.db,
    rows.map(({ captureId }) => captureId),
  );
  return rows.map(({ id, release, label, step, createdAt, capture, captureId }) => ({
    id,
    release: releaseDto(release),
    label: checkpointLabels.find((one) => one === label) ?? "early",
    step,
    observedAt: capture.observedAt,
    date: dateOf(captureId),
    createdAt,
  }));
}

/**
 * Checkpoints that may stand among the ancestors of a run on these releases: those of standing registrations of the
 * releases themselves. They are offered, never taken by themselves: whoever asks for the run chooses.
 */
export async function checkpointsForReleases(
  ctx: Reader,
  releaseIds: readonly string[],
): Promise<readonly CheckpointDto[]> {
  const models = await ctx.db.model.findMany({
    where: { releaseId: { in: [...releaseIds] }, state: "registered" },
    select: { id: true },
  });
  return checkpointsOf(
    ctx,
    models.map(({ id }) => id),
  );
}
