import {
  CanaryError,
  type CanaryItem,
  itemFault,
  type Opening,
  openedItem,
  parseOpenings,
  rememberingNormalise,
  type SetKind,
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
    const normalised = rememberingNormalise();
    return openings.map((opening) => {
      const opened = openOne(opening, set);
      requireOfKind(opened, set, normalised);
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
  const { item, target = null } = openedItem(opening, {
    commitment: { root, setId, authorKeyId, size: items },
    kind: kind as SetKind,
    nonce: set.nonce,
  });
  if (item.image !== undefined && opening.image === undefined)
    throw new CanaryError("bad-image", `The image of item ${index} is not in its opening`, index);
  const { image, ...rest } = opening;
  return {
    index,
    item,
    opening: canonicalJson(rest),
    image: image === undefined ? null : new Uint8Array(Buffer.from(image, "base64")),
    target,
  };
}

/** An item that is not of the kind that was registered stays what it is without a reveal: a miss. */
function requireOfKind(
  { item, index }: OpenedItem,
  { kind, terms }: CanarySet,
  normalised: (text: string) => string,
): void {
  if (kind === "generator") return;
  const options = (terms as { readonly options?: number | null } | null)?.options ?? null;
  const fault = itemFault(item, { kind: kind as Exclude<SetKind, "generator">, options }, normalised);
  if (fault !== null) throw new CanaryError(fault.code, `Item ${index} ${fault.why}`, index);
}
