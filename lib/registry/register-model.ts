import { heldForAuthor, recordAct, storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { searchText } from "@/lib/platform/search";
import { judgeFingerprint, requireOfRelease } from "./add-fingerprint";
import { captureLifetimeMs, loadCapture } from "./captures";
import type { CaptureDto } from "./dto";
import { fingerprintSchema, metadataFingerprint } from "./fingerprint";
import { linkCanarySet } from "./link-canary-set";
import { insertFingerprintJob } from "./queue-fingerprint";
import { recordCapture, releaseSubject } from "./record-capture";
import { type RegisterModelInput, registerModelSchema } from "./schema";
import { storeFingerprint } from "./store-fingerprint";

/**
 * Registers a captured release under the viewer's name, with its metadata fingerprint and, if given, the set of canaries
 * that it was trained on. What is recorded is what the capture showed: no network is read here. Once per commit and
 * person: again returns the same model, and adds a set or a fingerprint that was not there yet. A light fingerprint of
 * the weights is queued at once.
 *
 * Errors: sign-in-required, invalid-input, not-found (no such capture), changed-meanwhile (capture older than an hour),
 * wrong-state (registered and withdrawn before), not-allowed and already-done (canarySet: somebody else's, or another
 * model's).
 */
export async function registerModel(
  ctx: Context,
  input: RegisterModelInput & {
    /** A fingerprint file that the registrant made on a machine of their own. */
    readonly fingerprint?: Uint8Array;
  },
): Promise<{ readonly modelId: string; readonly created: boolean }> {
  const userId = memberOf(ctx.viewer);
  const { captureId, name, statement, canarySet, ownKey } = parseInput(registerModelSchema, input);
  await consumeAct(ctx, "registration");
  const now = ctx.clock.now();
  const capture = await loadCapture(ctx.db, captureId);
  if (capture === null) throw new AppError("not-found", { fields: { captureId: "not-found" } });
  if (now.getTime() - capture.observedAt.getTime() > captureLifetimeMs)
    throw new AppError("changed-meanwhile", { fields: { captureId: "expired" } });
  const fingerprint = await metadataFingerprint({
    ...capture.release,
    files: capture.files,
    metadata: capture.metadata,
    tensors: capture.tensors,
    bytesOf: (sha256) => ctx.blobs.get(sha256),
  });

  const own = input.fingerprint === undefined ? null : await keepFingerprint(ctx, input.fingerprint, capture);
  return ctx.db.$transaction(async (tx) => {
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (user === null || user.deletedAt !== null) throw new AppError("sign-in-required");
    const releaseId = capture.release.id;
    const key = { releaseId, registeredById: userId };
    const { count } = await tx.model.createMany({
      // A second submit waits here for the first one's transaction, then finds its row.
      skipDuplicates: true,
      data: [
        {
          ...key,
          id: newId("mdl"),
          name,
          captureId,
          statement: statement || null,
          createdAt: now,
          searchText: searchText([name, statement, capture.release.repository, capture.licence]),
        },
      ],
    });
    const model = await tx.model.findUniqueOrThrow({ where: { releaseId_registeredById: key } });
    if (model.state === "withdrawn") throw new AppError("wrong-state", { detail: { modelId: model.id } });
    const act = {
      about: `model:${model.id}`,
      actor: { role: "registrant", name: user.name },
      t: now,
      ...heldForAuthor(ctx, ownKey),
    } as const;

    if (count === 1) {
      await tx.fingerprint.create({
        data: {
          id: newId("fpr"),
          modelId: model.id,
          schema: fingerprintSchema,
          digest: fingerprint.sha256,
          document: JSON.parse(fingerprint.document),
          createdAt: now,
        },
      });
      // Seconds of work, and never whole weights: at once. Without weights that are known there is nothing to do.
      if (capture.tensors !== null) await insertFingerprintJob(ctx, tx, model.id, "light");
      await recordCapture(tx, capture, { about: act.about, t: now });
      await recordAct(tx, {
        ...act,
        kind: "register",
        subjects: [releaseSubject(capture), { name: "fingerprint", digest: { sha256: fingerprint.sha256 } }],
        predicate: {
          model: model.id,
          release: statedRelease(capture),
          name: await storePayload(tx, name),
          statement: statement ? await storePayload(tx, statement) : null,
          fingerprint: { schema: fingerprintSchema, sha256: fingerprint.sha256 },
        },
        dedupKey: `register:${model.id}`,
      });
    }
    if (own !== null)
      await storeFingerprint(tx, {
        ...own,
        modelId: model.id,
        origin: "author",
        build: null,
        at: now,
        ...heldForAuthor(ctx, ownKey),
      });
    if (canarySet !== undefined)
      await linkCanarySet(tx, canarySet, {
        modelId: model.id,
        ownerId: userId,
        release: releaseSubject(capture),
        act,
      });
    await pagesChanged(tx, ["/", "/models", `/models/${model.id}`]);
    return { modelId: model.id, created: count === 1 };
  });
}

/** Judged and kept before the transaction: a file that cannot be used stops the registration at its field. */
async function keepFingerprint(ctx: Context, bytes: Uint8Array, { release }: CaptureDto) {
  const document = judgeFingerprint(bytes);
  requireOfRelease(document, release);
  return { document, blob: await ctx.blobs.put(bytes) };
}

function statedRelease({ release: { source, repository, commit } }: CaptureDto) {
  return { source, repository, commit };
}
