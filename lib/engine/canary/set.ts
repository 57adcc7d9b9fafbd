import { toLongBase64 } from "./bytes";
import { requireItemsOfKind, requireItemsOfTerms } from "./check-items";
import { commitItems, targetOf } from "./commitment";
import { type CommitmentDocument, commitmentSchemaName } from "./document";
import { CanaryError } from "./errors";
import { generatorRoot } from "./generator";
import { type CanaryItem, itemBytes } from "./items";
import type { Opening } from "./opening";
import { newSetKeys, type SetSecrets } from "./secrets";
import type { CanaryTerms, SetKind } from "./terms";

export interface NewSetInput {
  readonly items: readonly CanaryItem[];
  /** Images by their SHA-256 (hex), of every item that has one. */
  readonly images: ReadonlyMap<string, Uint8Array>;
  readonly authorKeyId: string;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Commits to a new set under fresh random keys: what is registered, and what stays with the author. With terms the
 * items have to be those which they describe; without, those of `kind`. Throws CanaryError.
 */
export async function makeSet(
  input: NewSetInput,
  pledge: { readonly terms: CanaryTerms } | { readonly kind: Exclude<SetKind, "generator"> },
): Promise<{ readonly commitment: CommitmentDocument; readonly secrets: SetSecrets }> {
  const { items, images, authorKeyId } = input;
  const terms = "terms" in pledge ? pledge.terms : null;
  if ("terms" in pledge) requireItemsOfTerms(items, pledge.terms);
  else requireItemsOfKind(items, pledge.kind);
  const kind = "terms" in pledge ? pledge.terms.kind : pledge.kind;
  const keys = { ...newSetKeys(), authorKeyId };
  const { root } = await commitItems({ ...input, ...keys, items: items.map(itemBytes) });
  return {
    commitment: {
      schema: commitmentSchemaName,
      setId: keys.setId,
      root,
      items: items.length,
      kind,
      authorKeyId,
      terms,
    },
    secrets: { ...keys, root, items, images },
  };
}

/** The commitment of a generator set: program and parameters are public, and there is nothing to keep. */
export function makeGeneratorSet(terms: CanaryTerms, authorKeyId: string): CommitmentDocument {
  if (terms.generator === undefined)
    throw new CanaryError("bad-terms", "These terms name no generator, so they need items");
  return {
    schema: commitmentSchemaName,
    setId: newSetKeys().setId,
    root: generatorRoot(terms.generator),
    items: terms.items,
    kind: "generator",
    authorKeyId,
    terms,
  };
}

/** The items of a random-label set, each with the answer that the nonce draws for it. Throws CanaryError. */
export async function targetItems(secrets: SetSecrets, nonce: string): Promise<CanaryItem[]> {
  const committed = await recommit(secrets);
  return secrets.items.map((item, index) => {
    if (item.options === undefined || item.answer !== undefined)
      throw new CanaryError(
        "bad-item",
        `Item ${index} has no options to draw from, or an answer already`,
        index,
      );
    const place = { nonce, setId: secrets.setId, index, options: item.options.length };
    return { ...item, answer: item.options[targetOf(committed.targetKey(index), place)] as string };
  });
}

/** Openings of some items, or of all: each with its image. Throws CanaryError "bad-opening" for an index outside. */
export async function openSet(secrets: SetSecrets, indices?: readonly number[]): Promise<Opening[]> {
  const committed = await recommit(secrets);
  return (indices ?? secrets.items.map((_, index) => index)).map((index) => {
    const opening = committed.openItem(index);
    const facts = secrets.items[index]?.image;
    const image = facts && secrets.images.get(facts.sha256);
    return image === undefined ? opening : { ...opening, image: toLongBase64(image) };
  });
}

async function recommit(secrets: SetSecrets) {
  const committed = await commitItems({ ...secrets, items: secrets.items.map(itemBytes) });
  if (committed.root !== secrets.root)
    throw new CanaryError(
      "bad-secrets",
      "These items and this seed do not lead to the root that stands with them",
    );
  return committed;
}
