import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { openRelease } from "@/lib/engine/io/source/open-release";
import type { PinnedRelease } from "@/lib/engine/io/source/release";
import { repositoryFacts } from "@/lib/engine/io/source/repository-facts";
import { formatSourceSpec, isRemote, parseSourceSpec } from "@/lib/engine/io/source/spec";
import type { Context } from "@/lib/platform/context";
import { sourceIo } from "@/lib/platform/context/source-io";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { asAppError } from "./app-error";
import { captureDto, captureLifetimeMs } from "./captures";
import type { PreparedCapture } from "./dto";
import { type Observation, observeRelease } from "./observe-release";
import type { CaptureNote, MetadataFile } from "./schema";

const MiB = 1024 * 1024;
/** Somebody waits in front of a form: tighter than a run, and never whole weights. */
const limits = {
  requestMs: 30_000,
  maxRetries: 2,
  maxWaitMs: 10_000,
  maxFiles: 20_000,
  maxRequests: 1_500,
  maxTotalBytes: 96 * MiB,
} as const;

/** A faultless capture this young is used again: a double click reads nothing twice. */
const reuseMs = 10 * 60 * 1000;

/**
 * Reads a release named by address and keeps what was seen: the listing, the metadata files' bytes, licence and lineage
 * as declared, counters, tensors. Writes a release and a capture row; nothing becomes public by it.
 *
 * Errors: bad-address, unknown-repository, unknown-revision, private-or-gated, too-large, malformed-file,
 * address-refused, source-unreachable, source-changed, cancelled.
 */
export async function captureRelease(
  ctx: Context,
  text: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<PreparedCapture> {
  try {
    return await capture(ctx, text, options.signal);
  } catch (error) {
    throw asAppError(error);
  }
}

async function capture(ctx: Context, text: string, signal?: AbortSignal): Promise<PreparedCapture> {
  const spec = parseSourceSpec(text, { hubOrigin: ctx.sources.hf.endpoint });
  // A folder or a file on the server is nobody's business.
  if (!isRemote(spec)) throw new AppError("bad-address", { detail: { given: text.slice(0, 200) } });
  const io = sourceIo(ctx.sources, { limits, ...(signal ? { signal } : {}) });
  const reader = await openRelease(spec, io);
  const { release } = reader;
  if (release.commit === null)
    throw new AppError("unknown-revision", { detail: { given: formatSourceSpec(spec) } });
  const pinned = {
    source: spec.kind,
    repository: release.repository ?? spec.repository,
    commit: release.commit,
  };

  const known = await recentCapture(ctx, pinned);
  if (known) return known;
  const [observation, facts] = await Promise.all([
    observeRelease(reader, signal),
    repositoryFacts(spec, io).catch(() => null),
  ]);
  const notes: CaptureNote[] = [...observation.notes];
  if (facts === null) notes.push({ code: "counters-unavailable" });
  const metadata = await keepBytes(ctx, observation);
  const observedAt = ctx.clock.now();
  return ctx.db.$transaction(async (tx) => {
    await blobRows(tx, metadata, observation, observedAt);
    await tx.release.createMany({
      data: [{ id: newId("rel"), ...pinned, createdAt: observedAt }],
      skipDuplicates: true,
    });
    const { id: releaseId } = await tx.release.findUniqueOrThrow({
      where: { source_repository_commit: pinned },
    });
    const row = await tx.capture.create({
      data: {
        id: newId("cap"),
        releaseId,
        observedAt,
        createdAt: observedAt,
        licence: observation.licence ?? facts?.licence ?? null,
        declared: observation.declared,
        likes: facts?.likes ?? null,
        downloads: facts?.downloads ?? null,
        files: listing(release),
        metadata,
        ...(observation.tensors ? { tensors: observation.tensors } : {}),
        notes,
      },
      include: { release: true },
    });
    return prepared(captureDto(row));
  });
}

async function recentCapture(
  ctx: Context,
  pinned: { readonly source: string; readonly repository: string; readonly commit: string },
): Promise<PreparedCapture | null> {
  const row = await ctx.db.capture.findFirst({
    where: {
      release: pinned,
      observedAt: { gte: new Date(ctx.clock.now().getTime() - reuseMs) },
      notes: { equals: [] },
    },
    orderBy: { observedAt: "desc" },
    include: { release: true },
  });
  return row && prepared(captureDto(row));
}

export function prepared(capture: ReturnType<typeof captureDto>): PreparedCapture {
  return {
    ...capture,
    captureId: capture.id,
    releaseId: capture.release.id,
    expiresAt: new Date(capture.observedAt.getTime() + captureLifetimeMs),
  };
}

const listing = (release: PinnedRelease) =>
  release.files.map(({ path, size, gitOid, lfsSha256 }) => ({ path, size, gitOid, lfsSha256 }));

/** Bytes first, rows after: a row never names bytes that are not there. */
async function keepBytes(ctx: Context, observation: Observation): Promise<MetadataFile[]> {
  const kept: MetadataFile[] = [];
  for (const { path, bytes } of observation.metadata) kept.push({ path, ...(await ctx.blobs.put(bytes)) });
  if (observation.tensorTable !== null) await ctx.blobs.put(Buffer.from(observation.tensorTable, "utf8"));
  return kept;
}

async function blobRows(
  tx: Transaction,
  metadata: readonly MetadataFile[],
  { tensorTable }: Observation,
  createdAt: Date,
): Promise<void> {
  const data = metadata.map(({ path, sha256, size }) => ({
    sha256,
    size,
    mediaType: path.endsWith(".json") ? "application/json" : "text/plain",
    createdAt,
  }));
  if (tensorTable !== null)
    data.push({
      sha256: sha256Hex(tensorTable),
      size: Buffer.byteLength(tensorTable, "utf8"),
      mediaType: "application/json",
      createdAt,
    });
  await tx.blob.createMany({ data, skipDuplicates: true });
}
