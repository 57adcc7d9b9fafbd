import type { CheckStep } from "./check-bundle";

const looks = 4;
/** Milliseconds; checkpoints are served as fresh for two seconds. */
const betweenLooks = 2100;

/**
 * Holds the checkpoint of a proof against this log as it is now: the newest checkpoint is signed by the same key, and its
 * tree begins with the proof's. Null when there is nothing to compare with (another log, or it cannot be reached).
 */
export async function liveCheck(proofFile: Uint8Array, vkey: string): Promise<CheckStep | null> {
  const log = await import("@/lib/engine/log");
  const keys = vkey.split("\n").map(log.parseVerifierKey);
  const origin = keys[0]?.name ?? "";
  const trust = { origin, keys };
  const old = log.openCheckpoint(log.parseProof(proofFile).checkpoint, trust);
  try {
    let now: typeof old | null = null;
    // A cache on the way may hold the checkpoint of a moment ago: only one that stays behind tells something.
    for (let look = 0; look < looks && (now === null || now.size < old.size); look += 1) {
      if (look > 0) await new Promise((resolve) => setTimeout(resolve, betweenLooks));
      const note = await read("/log/checkpoint", "no-store");
      if (note === null) return null;
      now = log.openCheckpoint(note, trust);
    }
    if (now === null) return null;
    const readTile = async (tile: Parameters<typeof log.tilePath>[0]) => {
      const bytes = await read(`/log/${log.tilePath(tile)}`);
      if (bytes === null) throw new log.LogError("malformed", "a tile of the log cannot be read");
      return bytes;
    };
    const proof = old.size > now.size ? [] : await log.consistencyProof(old.size, now.size, readTile);
    log.verifyConsistency({ oldSize: old.size, oldRoot: old.root, size: now.size, root: now.root, proof });
    return { id: "live", ok: true, detail: `${origin}: ${old.size} → ${now.size}`, code: null };
  } catch (error) {
    if (!(error instanceof log.LogError)) return null;
    return { id: "live", ok: false, detail: error.message, code: error.code };
  }
}

async function read(path: string, cache: RequestCache = "default"): Promise<Uint8Array | null> {
  try {
    const answer = await fetch(path, { cache });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
