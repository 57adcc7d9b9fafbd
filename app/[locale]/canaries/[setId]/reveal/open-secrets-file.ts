import type { CanaryItem, Opening } from "@/lib/engine/canary";

/** An opened secrets file: openings and labels are made when they are wanted. */
export interface Opened {
  readonly setId: string;
  readonly root: string;
  /** With its image, base64, where the item has one. */
  open(index: number): Opening;
  /** The items with the answers that a public number draws for them. */
  targets(nonce: string): Promise<readonly CanaryItem[]>;
}

/** Opens a secrets file here in the browser. Throws CanaryError. */
export async function openSecretsFile(bytes: Uint8Array, passphrase: string): Promise<Opened> {
  const [engine, { base64 }] = await Promise.all([import("@/lib/engine/canary"), import("@/lib/engine/log")]);
  const secrets = await engine.openSecrets(bytes, passphrase);
  const { setId, items, images } = secrets;
  const committed = await engine.commitItems({ ...secrets, items: items.map(engine.itemBytes) });
  return {
    setId,
    root: committed.root,
    open(index) {
      const image = images.get(items[index]?.image?.sha256 ?? "");
      return { ...committed.openItem(index), ...(image === undefined ? {} : { image: base64(image) }) };
    },
    targets: (nonce) => engine.targetItems(secrets, nonce),
  };
}
