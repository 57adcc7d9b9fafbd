import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { extractLinks } from "./links";

/**
 * Adds a version of a text and queues the capture of its links. A link that an earlier version already had captured
 * keeps that capture: what the address answered then is the evidence.
 */
export async function writeVersion(
  ctx: Context,
  tx: Transaction,
  version: {
    readonly postId: string;
    readonly version: number;
    readonly kind: "first" | "edit" | "correction";
    readonly body: string;
  },
): Promise<void> {
  const known = await tx.postLink.findMany({
    where: { version: { postId: version.postId }, captureId: { not: null } },
    select: { url: true, captureId: true },
  });
  const captured = new Map(known.map((link) => [link.url, link.captureId]));
  const links = extractLinks(version.body).map((url, position) => ({
    id: newId("plk"),
    url,
    position,
    captureId: captured.get(url) ?? null,
  }));
  await tx.postVersion.create({
    data: { ...version, id: newId("ver"), createdAt: ctx.clock.now(), links: { create: links } },
  });
  for (const link of links)
    if (link.captureId === null)
      await ctx.jobs.send(
        tx,
        "link.capture",
        { version: 1, postLinkId: link.id },
        { idempotencyKey: link.id },
      );
}
