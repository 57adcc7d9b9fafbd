import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { consume } from "@/lib/platform/rate-limit";
import { captureRelease, prepared } from "./capture-release";
import { captureLifetimeMs, loadCapture } from "./captures";
import type { CaptureDto, PreparedCapture, RenewedPreview, ShownPreview } from "./dto";
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

/** A preview, for showing it again. Errors: not-found. */
export async function preparedCapture(ctx: Context, captureId: string): Promise<ShownPreview> {
  const capture = await captureOf(ctx, captureId);
  const expired = ctx.clock.now().getTime() - capture.observedAt.getTime() > captureLifetimeMs;
  return { ...prepared(capture), expired };
}

/** Reads the release of an expired preview again, at the same commit. Errors: not-found, and those of previewRelease. */
export async function renewPreview(ctx: Context, captureId: string): Promise<RenewedPreview> {
  memberOf(ctx.viewer);
  const before = await captureOf(ctx, captureId);
  const after = await previewRelease(ctx, before.release.spec);
  return { ...after, unchanged: whatWasSeen(before) === whatWasSeen(after) };
}

async function captureOf(ctx: Context, captureId: string): Promise<CaptureDto> {
  const capture = captureIdSchema.safeParse(captureId).success ? await loadCapture(ctx.db, captureId) : null;
  if (capture === null) throw new AppError("not-found");
  return capture;
}

/** All of a capture but its moment and the counters of that moment. */
const whatWasSeen = ({ licence, declared, files, metadata, tensors }: CaptureDto): string =>
  canonicalJson({ licence, declared, files, metadata, tensors });
