import { z } from "zod";
import { EngineError } from "../../../errors";
import { checkListing } from "../listing";
import type { ListedFile } from "../release";

const recordedShape = z.object({
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/)
    .nullish(),
  files: z.array(
    z.object({
      path: z.string(),
      oid: z.string(),
      // A recorded listing may not know a size.
      size: z.number().nullable(),
      lfs: z.object({ sha256: z.string(), size: z.number() }).nullish(),
    }),
  ),
});

export interface RecordedListing {
  readonly commit: string;
  readonly repository: string | null;
  readonly files: readonly ListedFile[];
}

/**
 * A tree.json as a capture leaves it: {commit, files: [{path, oid, size, lfs?}], repository?}. Null when the file is
 * something else that happens to bear the name; "malformed-file" when it states a commit but cannot be used.
 */
export function parseRecordedListing(bytes: Uint8Array, maxFiles: number): RecordedListing | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("commit" in value && "files" in value)) return null;
  const parsed = recordedShape.safeParse(value);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new EngineError("malformed-file", `tree.json is not a recorded listing: ${place}`, {
      path: "tree.json",
    });
  }
  const files = parsed.data.files.map((file) => ({
    path: file.path,
    size: file.lfs?.size ?? file.size,
    gitOid: file.oid,
    lfsSha256: file.lfs?.sha256 ?? null,
  }));
  return {
    commit: parsed.data.commit,
    repository: parsed.data.repository ?? null,
    files: checkListing(files, maxFiles),
  };
}
