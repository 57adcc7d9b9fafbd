import type { Fingerprint } from "@/lib/engine/fingerprint/schema";
import { type Act, recordAct, type Subject } from "@/lib/ledger/server";
import { rememberBlob } from "@/lib/platform/blobs/remember";
import type { Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { releaseDto } from "./captures";
import { releaseSubject } from "./record-capture";

export interface StoredFingerprint extends Pick<Act<"observe">, "held"> {
  readonly modelId: string;
  readonly document: Fingerprint;
  /** The file's bytes are in the blob store already. */
  readonly blob: { readonly sha256: string; readonly size: number };
  readonly origin: "computed" | "author";
  readonly build: string | null;
  readonly at: Date;
}

/** Row and public act of a fingerprint; false when the same one stands already. */
export async function storeFingerprint(tx: Transaction, stored: StoredFingerprint): Promise<boolean> {
  const { modelId, document, blob, origin, build, at } = stored;
  const digest = document.digest.replace(/^sha256:/, "");
  const signedBy = document.signature?.keyId ?? null;
  const model = await tx.model.findUniqueOrThrow({
    where: { id: modelId },
    include: { release: true, registeredBy: { select: { name: true } } },
  });
  await rememberBlob(tx, { ...blob, mediaType: "application/json", at });
  const { count } = await tx.weightFingerprint.createMany({
    skipDuplicates: true,
    data: [
      {
        id: newId("fpr"),
        modelId,
        schema: document.schema,
        digest,
        origin,
        blobSha256: blob.sha256,
        size: blob.size,
        tensors: document.tensors.length,
        commit: document.release.commit,
        signedBy,
        build,
        createdAt: at,
      },
    ],
  });
  if (count === 0) return false;
  const subject: Subject = { name: "fingerprint", digest: { sha256: digest } };
  await recordAct(tx, {
    kind: "observe",
    about: `model:${modelId}`,
    ...(origin === "author" ? { actor: { role: "registrant", name: model.registeredBy.name } } : {}),
    subjects: [releaseSubject({ release: releaseDto(model.release) }), subject],
    predicate: {
      model: modelId,
      fingerprint: { schema: document.schema, sha256: digest, origin, build, signedBy },
      checkpoint: null,
    },
    dedupKey: `observe:${modelId}:${origin}:${digest}`,
    t: at,
    ...(stored.held === undefined ? {} : { held: stored.held }),
  });
  await pagesChanged(tx, [`/models/${modelId}`]);
  return true;
}
