import type { Context } from "@/lib/platform/context";

/**
 * A stored blob that a canary set has made public: the image of a revealed or drawn item, a transcript of public answers, a
 * result with what it was computed from. Null for everything else, also when the bytes are there.
 */
export async function publicCanaryBlob(
  ctx: Pick<Context, "db" | "blobs">,
  sha256: string,
): Promise<{ readonly size: number; readonly stream: ReadableStream<Uint8Array> } | null> {
  const row = await ctx.db.blob.findUnique({ where: { sha256 } });
  if (row === null) return null;
  const [images, pictures, answers, results] = await Promise.all([
    ctx.db.canaryReveal.count({ where: { imageSha256: sha256, redactionId: null } }),
    ctx.db.canaryPicture.count({ where: { sha256, set: { redactionId: null } } }),
    ctx.db.canaryAnswerSet.count({
      where: {
        status: "logged",
        redactionId: null,
        OR: [{ answersBlob: sha256 }, { transcriptBlob: sha256 }],
      },
    }),
    ctx.db.canaryJudgement.count({
      where: { redactionId: null, OR: [{ resultBlob: sha256 }, { bundleBlob: sha256 }] },
    }),
  ]);
  if (images + pictures + answers + results === 0) return null;
  const stream = await ctx.blobs.stream(sha256);
  return stream === null ? null : { size: row.size, stream };
}
