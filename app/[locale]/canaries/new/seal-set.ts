import type { CanaryTerms } from "@/lib/engine/canary";
import type { ReadItems } from "./read-items";

type Engine = typeof import("@/lib/engine/canary");

/** All that leaves the page. */
export interface CommitRequest {
  readonly setId: string;
  readonly root: string;
  readonly authorKeyId: string;
  readonly terms: CanaryTerms;
  readonly namespace?: string;
  /** A registered model that the set is linked to at once. */
  readonly modelId?: string;
}

export interface SecretsFile {
  readonly name: string;
  readonly text: string;
}

export interface Sealed {
  readonly request: CommitRequest;
  /** The encrypted file; null where nothing is secret. */
  readonly secrets: SecretsFile | null;
  /** The same secrets encrypted anew, under another salt and nonce: another file; null where nothing is secret. */
  readonly sealAgain: (() => Promise<SecretsFile>) | null;
}

interface SealOptions {
  readonly engine: Engine;
  readonly terms: CanaryTerms;
  /** Null for a generator set. */
  readonly read: ReadItems | null;
  readonly authorKeyId: string;
  readonly passphrase: string;
  readonly namespace: string | null;
  readonly modelId: string | null;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
  readonly onEncrypting: (part: number) => void;
}

/** Seals items under a new seed and set id, and encrypts what the reveal will need. Throws CanaryError. */
export async function sealSet(options: SealOptions): Promise<Sealed> {
  const { engine, terms, read, authorKeyId, onProgress } = options;
  const rest = {
    authorKeyId,
    terms,
    ...(options.namespace === null ? {} : { namespace: options.namespace }),
    ...(options.modelId === null ? {} : { modelId: options.modelId }),
  };
  if (terms.generator !== undefined) {
    const { setId, root } = engine.makeGeneratorSet(terms, authorKeyId);
    return { request: { setId, root, ...rest }, secrets: null, sealAgain: null };
  }
  if (read === null) throw new engine.CanaryError("no-items", "There is no item");
  const { commitment, secrets } = await engine.makeSet({ ...read, authorKeyId, onProgress }, { terms });
  const { setId, root } = commitment;
  const text = await engine.sealSecrets(secrets, options.passphrase, { onProgress: options.onEncrypting });
  return {
    request: { setId, root, ...rest },
    secrets: { name: `canary-${setId.slice(0, 8)}.secrets.json`, text },
    sealAgain: async () => ({
      name: `canary-${setId.slice(0, 8)}.second-copy.secrets.json`,
      text: await engine.sealSecrets(secrets, options.passphrase),
    }),
  };
}

/** Whether a loaded file opens and its items lead to the root that was just made. Throws CanaryError. */
export async function checkCopy(
  engine: Engine,
  bytes: Uint8Array,
  passphrase: string,
  { request }: Sealed,
): Promise<"good" | "other-set" | "differs"> {
  if (engine.secretsOf(bytes).setId !== request.setId) return "other-set";
  const { seed, setId, authorKeyId, items } = await engine.openSecrets(bytes, passphrase);
  const again = await engine.commitItems({ seed, setId, authorKeyId, items: items.map(engine.itemBytes) });
  return again.root === request.root && authorKeyId === request.authorKeyId ? "good" : "differs";
}
