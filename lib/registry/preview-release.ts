import type { Context } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";
import { consume } from "@/lib/platform/rate-limit";
import { captureRelease, prepared } from "./capture-release";
import { captureLifetimeMs, loadCapture } from "./captures";
import type { PreparedCapture } from "./dto";
import { memberOf } from "./policy";
import { addressSchema, captureIdSchema } from "./schema";

/**
 * What registering this address would record. The capture is kept for an hour, so that confirming records exactly what
 * was shown. Errors: sign-in-required, too-many-requests, and those of captureRelease.
 */
export async function previewRelease(
  ctx: Context,
  text: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<PreparedCapture> {
  const key = memberOf(ctx.viewer);
  const address = addressSchema.safeParse(text);
  if (!address.success) throw new AppError("bad-address", { fields: { address: "bad-address" } });
  await consume(ctx.db, { name: "preview", key, points: 30, seconds: 600 });
  return captureRelease(ctx, address.data, options);
}

/** A capture prepared within the hour, for showing it again. Errors: not-found, changed-meanwhile (too old). */
export async function preparedCapture(ctx: Context, captureId: string): Promise<PreparedCapture> {
  const capture = captureIdSchema.safeParse(captureId).success ? await loadCapture(ctx.db, captureId) : null;
  if (capture === null) throw new AppError("not-found");
  if (ctx.clock.now().getTime() - capture.observedAt.getTime() > captureLifetimeMs)
    throw new AppError("changed-meanwhile");
  return prepared(capture);
}
