import {
  CanaryError,
  type CanaryItem,
  limits,
  type Opening,
  parseOpenings,
  targetOf,
  verifyOpening,
} from "@/lib/engine/canary";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { atField } from "./app-error";
import { authorKeyIdOf } from "./author-key";
import { mostOpeningBytes, mostOpenings } from "./schema";

export interface OpenedItem {
  readonly index: number;
  readonly item: CanaryItem;
  /** Canonical JSON of the opening without its image. */
  readonly opening: string;
  readonly image: Uint8Array | null;
  /** Position of the drawn target among the options; null for items without one. */
  readonly target: number | null;
}

/** A file of openings from outside, each checked against what the set committed to. */
export function readOpenings(bytes: Uint8Array, set: CanarySet): readonly OpenedItem[] {
  const refuse = (code: string) => new AppError("invalid-input", { fields: { openings: code } });
  if (bytes.length > mostOpeningBytes) throw refuse("too-large");
  return atField("openings", () => {
    const openings = parseOpenings(bytes);
    if (openings.length > mostOpenings) throw refuse("too-many");
    const ids = new Set<string>();
    return openings.map((opening) => {
      const opened = openOne(opening, set);
      if (ids.has(opened.item.id))
        throw new CanaryError(
          "duplicate-id",
          `The id of item ${opening.index} is there twice`,
          opening.index,
        );
      ids.add(opened.item.id);
      return opened;
    });
  });
}

function openOne(opening: Opening, set: CanarySet): OpenedItem {
  const { setId, root, items, kind } = set;
  const { index } = opening;
  // Sets of the first version do not name a key: their authors had only the account.
  const authorKeyId = set.authorKeyId ?? authorKeyIdOf(set.ownerId);
  const item = verifyOpening(opening, { root, setId, authorKeyId, size: items });
  if (item.image !== undefined && opening.image === undefined)
    throw new CanaryError("bad-image", `The image of item ${index} is not in its opening`, index);
  requireAsInTerms(item, index, kind, set.terms);
  const { image, ...rest } = opening;
  return {
    index,
    item,
    opening: canonicalJson(rest),
    image: image === undefined ? null : new Uint8Array(Buffer.from(image, "base64")),
    target:
      kind === "random-label" && set.nonce !== null
        ? targetOf(opening.targetKey, {
            nonce: set.nonce,
            setId,
            index,
            options: item.options?.length ?? 0,
          })
        : null,
  };
}

/** An item that is not of the kind that was registered stays what it is without a reveal: a miss. */
function requireAsInTerms(item: CanaryItem, index: number, kind: string, terms: unknown): void {
  const wrong = (why: string) => new CanaryError("terms-mismatch", `Item ${index} ${why}`, index);
  if (kind === "natural" && item.answer === undefined)
    throw wrong("has no answer, and a natural set needs one");
  if (kind !== "random-label") return;
  const fewest = (terms as { readonly options?: number } | null)?.options ?? limits.labelOptions;
  if (item.answer !== undefined) throw wrong("has an answer, and a random-label set draws them");
  if ((item.options?.length ?? 0) < fewest)
    throw wrong(`has ${item.options?.length ?? 0} options, and the set names ${fewest}`);
}
