import type { PublicCommitment } from "@/lib/engine/canary";

export interface Checked {
  readonly total: number;
  /** Indices whose opening does not lead to the committed root. */
  readonly bad: readonly number[];
  /** How many labels were drawn anew from the public number. */
  readonly targets: number;
}

interface Page {
  readonly openings: readonly {
    readonly opening: unknown;
    readonly index: number;
    readonly target?: number | null;
  }[];
  readonly next: string | null;
}

/**
 * Reads every opening of a set and checks it here, in the reader's browser: hashes up to the committed root, and where a
 * public number is known, the label that it draws. What the server says of a check is not asked.
 */
export async function checkOpenings(options: {
  readonly commitment: PublicCommitment;
  readonly nonce: string | null;
  readonly onProgress: (done: number) => void;
}): Promise<Checked> {
  const { commitment, nonce, onProgress } = options;
  const engine = await import("@/lib/engine/canary");
  const bad: number[] = [];
  let total = 0;
  let targets = 0;
  let address: string | null = `/api/v1/canary-sets/${commitment.setId}/openings`;
  while (address !== null) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    const page = (await answer.json()) as Page;
    for (const { opening, index, target } of page.openings) {
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
      } catch {
        bad.push(index);
      }
      if (total % 100 === 0) {
        onProgress(total);
        await new Promise((go) => setTimeout(go));
      }
    }
    address = page.next;
  }
  return { total, bad, targets };
}
