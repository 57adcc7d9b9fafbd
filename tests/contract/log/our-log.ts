import {
  base64,
  consistencyProof,
  ed25519PublicKey,
  ed25519Sign,
  formatCheckpoint,
  formatLeaf,
  formatNote,
  formatVerifierKey,
  growTiles,
  inclusionProof,
  leafHash,
  leafKinds,
  type NoteSigner,
  parseTilePath,
  type ReadTile,
  rootFromTiles,
  signatureTypes,
  signNote,
  tilePath,
} from "@/lib/engine/log";
import type { GoLog } from "./go-log";

const bytesOf = (length: number, value: number) => new Uint8Array(length).fill(value % 256);

export const signer = (name: string, seed: number): NoteSigner => {
  const secret = bytesOf(32, seed);
  return { name, publicKey: ed25519PublicKey(secret), sign: (message) => ed25519Sign(message, secret) };
};

/** A log made by our library alone, grown in two batches, for Go to judge. */
export async function ourLog(
  origin: string,
  size: number,
  signers: readonly NoteSigner[],
): Promise<GoLog & { readonly text: string }> {
  const entries = Array.from({ length: size }, (_, at) =>
    formatLeaf({
      key: bytesOf(32, at),
      kind: leafKinds[at % leafKinds.length] ?? "register",
      pae: bytesOf(32, at + 1),
      sig: bytesOf(64, at + 2),
      t: new Date(1_790_000_000_000 + at).toISOString(),
    }),
  );
  const first = growTiles({
    size: 0,
    edge: new Map(),
    leaves: entries.slice(0, Math.floor(size / 3)).map(leafHash),
  });
  const second = growTiles({ ...first, leaves: entries.slice(first.size).map(leafHash) });
  const newest = new Map(
    [...first.tiles, ...second.tiles].map((tile) => [`${tile.level} ${tile.index}`, tile] as const),
  );
  const read: ReadTile = async ({ level, index }) =>
    newest.get(`${level} ${index}`)?.bytes ?? new Uint8Array(0);
  const root = base64(second.root);
  const log = {
    Origin: origin,
    Vkeys: signers.map((one) => formatVerifierKey(one.name, signatureTypes.note, one.publicKey)),
    Entries: entries.map(base64),
    Tiles: Object.fromEntries(
      [...newest.values()].map(({ level, index, bytes }) => [
        tilePath({ level, index, width: bytes.length / 32 }),
        base64(bytes),
      ]),
    ),
    Inclusion: [] as GoLog["Inclusion"][number][],
    Consistency: [] as GoLog["Consistency"][number][],
  };
  for (let at = 0; at < size; at += 1 + Math.floor(size / 40)) {
    const proof = await inclusionProof(at, size, read);
    log.Inclusion.push({ Index: at, Size: size, Root: root, Proof: proof.map(base64) });
    log.Consistency.push({
      OldSize: at + 1,
      Size: size,
      OldRoot: base64(await rootFromTiles(at + 1, read)),
      Root: root,
      Proof: (await consistencyProof(at + 1, size, read)).map(base64),
    });
  }
  const text = formatCheckpoint({ origin, size, root: second.root });
  const lines = signers.map((one) => signNote(text, one));
  return { ...log, text, Note: formatNote(text, lines) };
}

/** Reads the tiles of a log as they came, by their addresses alone. */
export const tilesOf = (log: GoLog, decode: (encoded: string) => Uint8Array): ReadTile => {
  const tiles = new Map<string, Uint8Array>();
  for (const [path, bytes] of Object.entries(log.Tiles)) {
    const id = parseTilePath(path);
    if (id === null) throw new Error(`${path} addresses no tile`);
    tiles.set(`${id.level} ${id.index}`, decode(bytes));
  }
  return async ({ level, index }) => tiles.get(`${level} ${index}`) ?? new Uint8Array(0);
};
