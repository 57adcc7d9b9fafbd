import { EngineError } from "@/lib/engine/errors";
import { parseFingerprint } from "@/lib/engine/fingerprint/document";
import type { Fingerprint } from "@/lib/engine/fingerprint/schema";
import { heldForAuthor } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { mayManage } from "./policy";
import { modelIdSchema, mostFingerprintBytes } from "./schema";
import { storeFingerprint } from "./store-fingerprint";

/** A judged fingerprint file of somebody's own, or one refusal at the field "fingerprint". */
export function judgeFingerprint(bytes: Uint8Array): Fingerprint {
  const refuse = (code: string) => new AppError("invalid-input", { fields: { fingerprint: code } });
  if (bytes.length > mostFingerprintBytes) throw refuse("fingerprint-too-large");
  try {
    return parseFingerprint(bytes, "fingerprint");
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const problem = String(error.detail.problem ?? "");
    if (problem.includes("signature")) throw refuse("fingerprint-signature");
    throw refuse(problem.includes("digest") ? "fingerprint-altered" : "fingerprint-malformed");
  }
}

/** A fingerprint that names another release is none of this model; one made from a folder names none. */
export function requireOfRelease(
  document: Fingerprint,
  release: { readonly source: string; readonly repository: string; readonly commit: string },
): void {
  const { repository, commit } = document.release;
  const named = `${release.source}:${release.repository}`;
  if (repository !== null && (repository !== named || commit !== release.commit)) {
    throw new AppError("invalid-input", { fields: { fingerprint: "fingerprint-other-release" } });
  }
}

/**
 * Takes a fingerprint that the registrant made on a machine of their own. It is claimed: nobody here has seen the weights
 * it was made from. The same file twice is one entry. Errors: sign-in-required, invalid-input (fingerprint: …), not-found,
 * not-allowed, too-many-requests.
 */
export async function addFingerprint(
  ctx: Context,
  input: {
    readonly modelId: string;
    readonly bytes: Uint8Array;
    /** The registrant signs the statement with a key of their own. */
    readonly ownKey?: boolean;
  },
): Promise<{ readonly digest: string; readonly created: boolean }> {
  memberOf(ctx.viewer);
  const { modelId } = input;
  const model = modelIdSchema.safeParse(modelId).success
    ? await ctx.db.model.findUnique({ where: { id: modelId }, include: { release: true } })
    : null;
  if (model === null) throw new AppError("not-found");
  if (!mayManage(ctx.viewer, model)) throw new AppError("not-allowed");
  await consumeAct(ctx, "registration");
  const document = judgeFingerprint(input.bytes);
  requireOfRelease(document, model.release);
  const blob = await ctx.blobs.put(input.bytes);
  const created = await ctx.db.$transaction((tx) =>
    storeFingerprint(tx, {
      modelId,
      document,
      blob,
      origin: "author",
      build: null,
      at: ctx.clock.now(),
      ...heldForAuthor(ctx, input.ownKey),
    }),
  );
  return { digest: document.digest, created };
}
