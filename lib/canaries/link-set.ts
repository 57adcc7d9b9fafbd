import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { linkCanarySet } from "@/lib/registry/server";
import { type LinkSetInput, linkSetSchema } from "./schema";

/**
 * Says which of the viewer's registered models a set of theirs was trained into. Errors: sign-in-required, invalid-input
 * (canarySet: unknown-set), not-found, not-allowed, wrong-state (the registration was withdrawn), already-done.
 */
export async function linkSet(ctx: Context, input: LinkSetInput): Promise<{ readonly linked: boolean }> {
  const userId = memberOf(ctx.viewer);
  const { setId, modelId } = parseInput(linkSetSchema, input);
  return ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "model" WHERE "id" = ${modelId} FOR UPDATE`;
    const model = await tx.model.findUnique({
      where: { id: modelId },
      include: { release: true, registeredBy: { select: { name: true } } },
    });
    if (model === null) throw new AppError("not-found");
    if (model.registeredById !== userId) throw new AppError("not-allowed");
    if (model.state === "withdrawn") throw new AppError("wrong-state");
    const { source, repository, commit } = model.release;
    const linked = await linkCanarySet(tx, setId, {
      modelId,
      ownerId: userId,
      release: { name: `${source}:${repository}`, digest: { gitCommit: commit } },
      act: { actor: { role: "registrant", name: model.registeredBy.name }, t: ctx.clock.now() },
    });
    await pagesChanged(tx, [`/models/${modelId}`]);
    return { linked };
  });
}
