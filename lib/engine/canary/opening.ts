import { z } from "zod";
import { fromLongBase64 } from "./bytes";
import { type PublicCommitment, verifyOpeningHashes } from "./commitment";
import { CanaryError } from "./errors";
import { verifyImage } from "./image";
import { type CanaryItem, parseItem } from "./items";
import { jsonLines } from "./json-lines";
import { limits } from "./limits";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** One line of openings.jsonl: what reveals one item and nothing of the others. */
export const openingSchema = z.strictObject({
  index: z
    .int()
    .min(0)
    .max(limits.items - 1),
  salt: hash,
  targetKey: hash,
  /** The item's canonical JSON, exactly the text that was committed. */
  item: z.string().max(limits.itemBytes),
  /** Sibling hashes from the leaf up (RFC 9162, section 2.1.3). */
  path: z.array(hash).max(17),
  size: z.int().min(1).max(limits.items),
  /** Base64 of the item's image. May be left out where the image is kept beside, under its SHA-256. */
  image: z
    .string()
    .max(4 * Math.ceil(limits.imageBytes / 3))
    .optional(),
});

export interface Opening {
  readonly index: number;
  readonly salt: string;
  readonly targetKey: string;
  readonly item: string;
  readonly path: readonly string[];
  readonly size: number;
  readonly image?: string;
}

/**
 * Checks an opening against the commitment and reads its item; where the opening carries an image, that too.
 * Throws CanaryError "bad-opening" when it does not match; "bad-item", "bad-id", "bad-image" … when what was committed
 * is no item.
 */
export function verifyOpening(opening: Opening, commitment: PublicCommitment): CanaryItem {
  verifyOpeningHashes(opening, commitment);
  const what = `Item ${opening.index}`;
  const item = parseItem(opening.item, what);
  if (opening.image === undefined) return item;
  if (item.image === undefined)
    throw new CanaryError("bad-opening", `${what} was committed without an image`, opening.index);
  verifyImage(item.image, imageBytes(opening.image, what), `The image of item ${opening.index}`);
  return item;
}

/** Openings, one a line, none twice. Throws CanaryError "malformed", "bad-opening" … naming the line. */
export function parseOpenings(source: Uint8Array | string, what = "The file of openings"): Opening[] {
  const openings: Opening[] = [];
  const seen = new Set<number>();
  const most = { what, lines: limits.items, lineBytes: 8 * limits.itemBytes + 2 * limits.imageBytes };
  for (const { line, value } of jsonLines(source, most)) {
    const found = openingSchema.safeParse(value);
    if (!found.success) {
      const [issue] = found.error.issues;
      throw new CanaryError(
        "bad-opening",
        `${what}, line ${line}: ${issue?.path.join(".") || "it"}: ${issue?.message ?? "wrong shape"}`,
      );
    }
    const opening = found.data;
    if (seen.has(opening.index))
      throw new CanaryError("bad-opening", `${what}, line ${line}: item ${opening.index} is there twice`);
    seen.add(opening.index);
    openings.push(opening as Opening);
  }
  if (openings.length === 0) throw new CanaryError("no-items", `${what} opens nothing`);
  return openings;
}

function imageBytes(encoded: string, what: string): Uint8Array {
  const bytes = fromLongBase64(encoded);
  if (bytes === null) throw new CanaryError("bad-opening", `The image of ${what} is not base64`);
  return bytes;
}
