import { z } from "zod";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { captureRelease, loadCapture, recordCapture } from "@/lib/registry/server";
import { findSet, pathsOf } from "./load-set";
import { setIdSchema } from "./schema";

const pinReleaseSchema = z.object({
  setId: setIdSchema,
  /** Address of a release: hf:org/name@revision, github:org/name@revision, or a page address. */
  address: z.string().trim().min(1).max(500),
});

/**
 * Looks at a release and puts on record what was seen of its weights, so that whoever is asked afterwards cannot choose
 * them: a suspect's once the original's answers are logged, a reference's at any time. It speaks of nobody's conduct.
 * Errors: sign-in-required, invalid-input, not-found, those of captureRelease, too-many-requests.
 */
export async function pinRelease(
  ctx: Context,
  input: z.input<typeof pinReleaseSchema>,
): Promise<{ readonly captureId: string; readonly release: string }> {
  memberOf(ctx.viewer);
  const { setId, address } = parseInput(pinReleaseSchema, input);
  await consumeAct(ctx, "draft");
  const set = await findSet(ctx.db, setId);
  const { captureId } = await captureRelease(ctx, address);
  return ctx.db.$transaction(async (tx) => {
    const capture = await loadCapture(tx, captureId);
    if (capture === null) throw new AppError("not-found");
    const t = ctx.clock.now();
    await recordCapture(tx, capture, { about: `canary:${setId}`, t });
    await pagesChanged(tx, pathsOf(set));
    const { source, repository, commit } = capture.release;
    return { captureId, release: `${source}:${repository}@${commit}` };
  });
}
