import type { PublicCommitment } from "@/lib/engine/canary";

export interface Checked {
  readonly total: number;
  /** Indices whose opening does not lead to the committed root. */
  readonly bad: readonly number[];
  /** Of those that do, indices of what is no item of its kind, as labels of which two are one answer: misses. */
  readonly invalid: readonly number[];
  /** How many labels were drawn anew from the public number. */
  readonly targets: number;
  /** How many images were read and have the committed hash. */
  readonly images: number;
}

interface Page {
  readonly items: readonly {
    readonly opening: unknown;
    readonly index: number;
    readonly target: number | null;
  }[];
  readonly next: number | null;
}

const perPage = 500;

/**
 * Reads every opening of a set and checks it here, in the reader's browser: hashes up to the committed root, and where a
 * public number is known, the label that it draws. What the server says of a check is not asked.
 */
export async function checkOpenings(options: {
  readonly commitment: PublicCommitment;
  readonly nonce: string | null;
  /** Of a random-label set the fewest options that its terms promise; null of other sets. */
  readonly fewestOptions: number | null;
  readonly onProgress: (done: number) => void;
}): Promise<Checked> {
  const { commitment, nonce, fewestOptions, onProgress } = options;
  const engine = await import("@/lib/engine/canary");
  const bad: number[] = [];
  const invalid: number[] = [];
  const rule = { kind: "random-label", options: fewestOptions } as const;
  const normalised = engine.rememberingNormalise();
  let total = 0;
  let targets = 0;
  let images = 0;
  for (let after: number | null = -1; after !== null; ) {
    const search = new URLSearchParams({ limit: `${perPage}`, ...(after < 0 ? {} : { after: `${after}` }) });
    const answer = await fetch(`/api/v1/canary-sets/${commitment.setId}/openings?${search}`);
    if (!answer.ok) throw new Error(`the openings could not be read: ${answer.status}`);
    const page = (await answer.json()) as Page;
    for (const { opening, index, target } of page.items) {
      total += 1;
      try {
        const found = engine.openingSchema.parse(opening) as import("@/lib/engine/canary").Opening;
        const item = engine.verifyOpening(found, commitment);
        if (found.index !== index) throw new Error("another index");
        if (nonce !== null && item.options !== undefined) {
          const place = { nonce, setId: commitment.setId, index, options: item.options.length };
          if (engine.targetOf(found.targetKey, place) !== target) throw new Error("another label");
          targets += 1;
        }
        if (fewestOptions !== null && engine.itemFault(item, rule, normalised) !== null) invalid.push(index);
        if (item.image !== undefined && (await imageHolds(engine, item.image, index))) images += 1;
      } catch {
        bad.push(index);
      }
      if (total % 100 === 0) {
        onProgress(total);
        await new Promise((go) => setTimeout(go));
      }
    }
    after = page.next;
  }
  return { total, bad, invalid, targets, images };
}

/** Reads an image and holds it against its hash; false where it cannot be had. Throws when it is another one. */
async function imageHolds(
  engine: typeof import("@/lib/engine/canary"),
  facts: import("@/lib/engine/canary").ImageFacts,
  index: number,
): Promise<boolean> {
  const answer = await fetch(`/api/v1/blobs/sha256/${facts.sha256}`);
  if (!answer.ok) return false;
  engine.verifyImage(facts, new Uint8Array(await answer.arrayBuffer()), `The image of item ${index}`);
  return true;
}
