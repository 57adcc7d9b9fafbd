import {
  equal,
  growTiles,
  LogError,
  leafHash,
  type OpenedCheckpoint,
  openCheckpoint,
  type TileEdge,
  tileWidth,
  type VerifierKey,
} from "@/lib/engine/log";
import { decodeBundle } from "@/lib/engine/log/entry-bundle";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import type { Guarded } from "./guard";
import { checkpointFile, readTileFile, tileFile } from "./log-files";

/** The longest tree that this log is known to have signed, or to have been about to sign. */
export interface KnownTree {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Null when nothing was published yet. */
  readonly published: OpenedCheckpoint | null;
}

/** From the published checkpoint and the guard. Throws StartProblem when there is neither. */
export async function knownTree(
  files: NamedFiles,
  guard: Guarded | null,
  log: { readonly origin: string; readonly keys: readonly VerifierKey[] },
): Promise<KnownTree> {
  const note = await files.get(checkpointFile);
  const published = note === null ? null : openCheckpoint(note, log);
  const longest = guard !== null && guard.size > (published?.size ?? 0) ? guard : published;
  if (longest === null || longest === undefined)
    throw new StartProblem("there is no published checkpoint and no guard: nothing to recover the log from");
  const { origin, size, root } = longest;
  return { origin, size, root, published };
}

export interface ReadBundle {
  readonly index: number;
  /** Index of its first entry. */
  readonly start: number;
  readonly entries: readonly Uint8Array[];
  readonly tiles: ReturnType<typeof growTiles>["tiles"];
}

/**
 * Every published bundle in order, with the hash tiles that it makes. Ends with LogError "inconsistent" unless the whole
 * hashes to the root of each tree in `trees`: only then may what was read be kept.
 */
export async function* readPublishedTree(
  files: NamedFiles,
  size: number,
  trees: readonly { readonly size: number; readonly root: Uint8Array; readonly who: string }[],
): AsyncGenerator<ReadBundle> {
  let edge: TileEdge = new Map();
  for (let index = 0; index * tileWidth < size; index += 1) {
    const start = index * tileWidth;
    const width = Math.min(tileWidth, size - start);
    const id = { level: "entries", index, width } as const;
    const bytes = await readTileFile(files, id);
    if (bytes === null)
      throw new LogError("missing-tile", `${tileFile(id)} is missing from the published log`);
    const entries = decodeBundle(bytes, width);
    const leaves = entries.map(leafHash);
    for (const tree of trees)
      if (tree.size > start && tree.size <= start + width) {
        const { root } = growTiles({ size: start, edge, leaves: leaves.slice(0, tree.size - start) });
        if (!equal(root, tree.root))
          throw new LogError(
            "inconsistent",
            `the published entries do not give the tree of ${tree.size} entries that ${tree.who} knows`,
          );
      }
    const grown = growTiles({ size: start, edge, leaves });
    edge = grown.edge;
    yield { index, start, entries, tiles: grown.tiles };
  }
}
