import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rememberBlob } from "@/lib/platform/blobs/remember";
import type { Context } from "@/lib/platform/context";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** The bundle that `npm run build:cli` makes: the CLI of people and the child of workers. */
export const bundlePath = (projectFolder: string): string => join(projectFolder, "dist", "slipmark.mjs");

/**
 * Stores the engine bundle of this start and its row, so that it is served at /cli/<sha256>.mjs for ever: results
 * name the build that made them.
 */
export async function publishEngineBuild(
  ctx: Pick<Context, "db" | "blobs" | "clock">,
  path: string,
): Promise<{ readonly sha256: string }> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new StartProblem(`cannot read ${path} (${cause.code}): run npm run build:cli first`);
  });
  const { sha256, size } = await ctx.blobs.put(bytes);
  const now = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    await rememberBlob(tx, { sha256, size, mediaType: "text/javascript", at: now });
    await tx.engineBuild.createMany({ data: [{ sha256, size, createdAt: now }], skipDuplicates: true });
  });
  return { sha256 };
}

/**
 * A copy of a published build for this worker to start its children from: the file under dist may be built anew while
 * the worker runs, and a result must name the very bytes that made it.
 */
export async function runnableEngine(
  ctx: Pick<Context, "blobs">,
  sha256: string,
  folder: string,
): Promise<{ readonly path: string; readonly sha256: string }> {
  const path = join(folder, `${sha256}.mjs`);
  const bytes = await ctx.blobs.get(sha256);
  if (bytes === null) throw new Error(`engine build ${sha256} is not in the blob store`);
  const kept = await readFile(path).catch(() => null);
  if (kept === null || !kept.equals(bytes)) {
    await mkdir(folder, { recursive: true });
    const temporary = `${path}.${process.pid}`;
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, path);
  }
  return { path, sha256 };
}

/** The bytes of a build this instance has served; null for any other hash. */
export async function engineBuild(
  ctx: Pick<Context, "db" | "blobs">,
  sha256: string,
): Promise<{ readonly size: number; readonly stream: ReadableStream<Uint8Array> } | null> {
  const row = await ctx.db.engineBuild.findUnique({ where: { sha256 } });
  const stream = row === null ? null : await ctx.blobs.stream(sha256);
  return row === null || stream === null ? null : { size: row.size, stream };
}
