import type { CheckStep } from "./check-bundle";

const looks = 4;
/** Milliseconds; checkpoints are served as fresh for two seconds. */
const betweenLooks = 2100;

/** Verifier keys that may have signed: the proof's checkpoint, and the log's newest. A rotation may lie between them. */
export interface LiveKeys {
  readonly older: readonly string[];
  /** Asked after the newest checkpoint was read, so that a key which was new a moment ago is among them. */
  readonly newest: () => Promise<readonly string[]>;
}

/**
 * Holds the checkpoint of a proof against this log as it is now: the newest checkpoint is signed by the log, and its tree
 * begins with the proof's. Null when there is nothing to compare with (another log, or it cannot be reached).
 */
export async function liveCheck(proofFile: Uint8Array, keys: LiveKeys): Promise<CheckStep | null> {
  const log = await import("@/lib/engine/log");
  const trust = (vkeys: readonly string[]) => log.trustIn(vkeys.map(log.parseVerifierKey));
  const old = log.openCheckpoint(log.parseProof(proofFile).checkpoint, trust(keys.older));
  try {
    let now: typeof old | null = null;
    // A cache on the way may hold the checkpoint of a moment ago: only one that stays behind tells something.
    for (let look = 0; look < looks && (now === null || now.size < old.size); look += 1) {
      if (look > 0) await new Promise((resolve) => setTimeout(resolve, betweenLooks));
      const note = await read("/log/checkpoint", "no-store");
      if (note === null) return null;
      now = log.openCheckpoint(note, trust(await keys.newest()));
    }
    if (now === null) return null;
    const readTile = async (tile: Parameters<typeof log.tilePath>[0]) => {
      const bytes = await read(`/log/${log.tilePath(tile)}`);
      if (bytes === null) throw new log.LogError("missing-tile", "the log does not have one of its tiles");
      return bytes;
    };
    const proof = old.size > now.size ? [] : await log.consistencyProof(old.size, now.size, readTile);
    log.verifyConsistency({ oldSize: old.size, oldRoot: old.root, size: now.size, root: now.root, proof });
    return { id: "live", ok: true, detail: `${old.origin}: ${old.size} → ${now.size}`, code: null };
  } catch (error) {
    if (!(error instanceof log.LogError)) return null;
    return { id: "live", ok: false, detail: error.message, code: error.code };
  }
}

/** The keys that this log names now: one may have been rotated since the page was read. */
export async function namedKeys(known: readonly string[]): Promise<readonly string[]> {
  const bytes = known.length === 0 ? null : await read("/log/vkey", "no-store").catch(() => null);
  return [...new Set([...linesOf(bytes), ...known])];
}

export const linesOf = (file: Uint8Array | null | undefined): readonly string[] =>
  file == null
    ? []
    : new TextDecoder()
        .decode(file)
        .split("\n")
        .filter((line) => line !== "");

/** Null when the site says that it has no such file. Throws when it does not answer. */
async function read(path: string, cache: RequestCache = "default"): Promise<Uint8Array | null> {
  const answer = await fetch(path, { cache });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
