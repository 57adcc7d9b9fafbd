import { base64, fromBase64, hex } from "../bytes";
import { spkiOf } from "../ed25519";
import { sha256 } from "../hashing";
import { parseVerifierKey, type VerifierKey } from "../note";
import { inclusionProof } from "../tile-proofs";
import { emptyRoot, verifyInclusion } from "../tree";
import { MonitorProblem, refusing } from "./problem";
import { keptPosition, type MonitorState, type Position, positionOf, type Tombstone } from "./state";
import { Signers } from "./statement";
import type { Surface } from "./surface";

/** SHA-256 of a key's SubjectPublicKeyInfo, hex: how statements name keys. */
export const fingerprintOf = (spki: Uint8Array): string => hex(sha256(spki));
export const fingerprintOfKey = (key: VerifierKey): string => fingerprintOf(spkiOf(key.publicKey));

const nothing: Position = { size: 0, root: emptyRoot };

/** What is known of a log while it is followed; `kept()` is what is written down. */
export class Memory {
  readonly origin: string;
  /** Nothing is remembered yet: keys are taken as they are given. */
  readonly first: boolean;
  vkeys: readonly string[];
  checkpoint = "";
  tree: Position = nothing;
  leaves: Position = nothing;
  blobs: Position = nothing;
  readonly tombstones: Tombstone[];
  readonly signers: Signers;
  readonly moderators: string[];
  next = 0;
  readonly #proved = new Set<number>();

  constructor(from: MonitorState | { readonly origin: string; readonly vkeys: readonly string[] }) {
    this.origin = from.origin;
    this.vkeys = from.vkeys;
    const state = "schema" in from ? from : null;
    this.tombstones = [...(state?.tombstones ?? [])];
    this.moderators = [...(state?.moderators ?? [])];
    this.signers = new Signers(state?.signers ?? []);
    this.first = state === null;
    if (state === null) return;
    this.checkpoint = state.checkpoint;
    this.tree = positionOf(state.tree);
    this.leaves = positionOf(state.leaves);
    this.blobs = positionOf(state.blobs);
    this.next = state.next;
  }

  keys(): readonly VerifierKey[] {
    return this.vkeys.map(parseVerifierKey);
  }

  kept(): MonitorState {
    return {
      schema: "slipmark.log-monitor/v1",
      origin: this.origin,
      vkeys: [...this.vkeys],
      checkpoint: this.checkpoint,
      tree: keptPosition(this.tree),
      leaves: keptPosition(this.leaves),
      blobs: keptPosition(this.blobs),
      tombstones: [...this.tombstones],
      signers: this.signers.kept(),
      moderators: [...this.moderators],
      next: this.next,
    };
  }

  /**
   * Whether a tombstone takes this entry's statement ("entry", "repository"), or a payload of it: then one over the
   * entry, or over its actor's name if that is the payload. The tombstone's own place in the tree is proved, once a run.
   */
  async excuses(entry: number, isName: boolean, surface: Surface): Promise<boolean> {
    const found = this.tombstones.find(
      (one) => one.entry === entry && (one.scope !== "name" || isName) && one.at < this.tree.size,
    );
    if (found === undefined) return false;
    if (!this.#proved.has(found.at)) {
      const proof = await inclusionProof(found.at, this.tree.size, surface.hashTile);
      const leafHash = fromBase64(found.leafHash);
      refusing("bad-tombstone", `the tombstone ${found.at}`, () =>
        verifyInclusion({ ...this.tree, index: found.at, leafHash, proof }),
      );
      this.#proved.add(found.at);
    }
    return true;
  }

  remember(tombstone: { at: number; hash: Uint8Array; entry: number; scope: Tombstone["scope"] }): void {
    const { at, hash, entry, scope } = tombstone;
    if (this.tombstones.some((one) => one.at === at)) return;
    this.tombstones.push({ at, leafHash: base64(hash), entry, scope });
  }

  /** The first key that signs a tombstone is the moderators'; from then on only that one and its successors. */
  requireModerator(spki: Uint8Array, at: number): void {
    const key = fingerprintOf(spki);
    if (this.moderators.length === 0) this.moderators.push(key);
    else if (!this.moderators.includes(key))
      throw new MonitorProblem(
        "bad-tombstone",
        `the tombstone ${at} is signed by a key that is not the moderators'`,
      );
  }
}
