import { createHash } from "node:crypto";

export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/**
 * Passes bytes on and breaks the stream at its end when they are not the ones the name promises: a download that
 * breaks off is noticed, wrong bytes would not be.
 */
export function verifying(sha256: string): TransformStream<Uint8Array, Uint8Array> {
  const hash = createHash("sha256");
  let held: Uint8Array | null = null;
  return new TransformStream({
    transform(chunk, controller) {
      hash.update(chunk);
      // The last chunk is held back until the hash is known: a damaged blob never arrives complete.
      if (held !== null) controller.enqueue(held);
      held = chunk;
    },
    flush(controller) {
      if (hash.digest("hex") !== sha256) controller.error(new Error(`blob ${sha256} is damaged`));
      else if (held !== null) controller.enqueue(held);
    },
  });
}
