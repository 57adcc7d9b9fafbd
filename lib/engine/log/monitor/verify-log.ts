import { z } from "zod";
import { fromBase64, hex, text } from "../bytes";
import { trustIn } from "../checkpoint";
import { LogError } from "../errors";
import { parseVerifierKey, type VerifierKey } from "../note";
import { rootFromTiles } from "../tile-proofs";
import { parseProof, verifyProof } from "../tlog-proof";
import { verifyConsistency } from "../tree";
import { type FollowOptions, followLog } from "./follow";
import { MonitorProblem } from "./problem";
import { parseMonitorState } from "./state";
import { type FetchPublic, openSurface } from "./surface";
import { entryAt } from "./walk";

/** One check of a log; the first that fails is the last. */
export interface LogStep {
  readonly id: "checkpoint" | "inclusion" | "consistency" | "proof";
  readonly ok: boolean;
  readonly detail: string;
}

const answerSchema = z.object({ old: z.int(), new: z.int(), consistency: z.array(z.string()).max(130) });

/**
 * Checks a log without a memory of it: checkpoint, every entry in the signed tree, then the proofs that it hands out
 * itself (consistency from half its size, the .tlog-proof of its last entry). Never throws for what the log says;
 * throws LogError where there is no log, and whatever `fetch` throws.
 */
export async function verifyLog(
  options: Pick<FollowOptions, "fetch" | "vkeys" | "signal" | "onProgress">,
): Promise<readonly LogStep[]> {
  const steps: LogStep[] = [];
  let id: LogStep["id"] = "checkpoint";
  const done = (detail: string, next: LogStep["id"] = id) => {
    steps.push({ id, ok: true, detail });
    id = next;
  };
  try {
    let note: string | null = null;
    let vkeys: readonly string[] = [];
    const save: FollowOptions["save"] = async (state) => {
      if (note === null) done(`${state.origin}, ${state.tree.size} entries, signed`, "inclusion");
      note = state.checkpoint;
      vkeys = state.vkeys;
      parseMonitorState(JSON.stringify(state));
    };
    const { size, root } = await followLog({ ...options, state: null, save, blobs: "none" });
    done(`${size} of ${size} entries, root ${hex(root)}`, "consistency");
    const surface = openSurface(options.fetch);
    if (size > 1) {
      const old = Math.ceil(size / 2);
      const oldRoot = await rootFromTiles(old, surface.hashTile);
      const proof = await askConsistency(options.fetch, old, size);
      verifyConsistency({ oldSize: old, oldRoot, size, root, proof });
      done(`${old} → ${size}`, "proof");
    }
    if (size > 0) {
      id = "proof";
      const keys = vkeys.map(parseVerifierKey);
      done(await ownProof(options.fetch, size - 1, keys, await entryAt(surface, size - 1, { size, root })));
    }
  } catch (error) {
    if (error instanceof LogError && steps.length === 0) throw error;
    if (!(error instanceof LogError) && !(error instanceof MonitorProblem)) throw error;
    steps.push({ id, ok: false, detail: error.message });
  }
  return steps;
}

/** A proof of consistency as the log gives it. Throws LogError. */
export async function askConsistency(fetch: FetchPublic, old: number, size: number): Promise<Uint8Array[]> {
  const { status, body } = await fetch(`/log/consistency?old=${old}&new=${size}`, 64 * 1024);
  if (status !== 200) throw new LogError("bad-proof", "the log gives no proof of consistency");
  let value: unknown;
  try {
    value = JSON.parse(text(body));
  } catch {
    throw new LogError("malformed", "the log's proof of consistency is not JSON");
  }
  const answer = answerSchema.safeParse(value).data;
  if (answer?.old !== old || answer.new !== size)
    throw new LogError("bad-proof", "the log's proof of consistency is about other sizes");
  return answer.consistency.map(fromBase64);
}

async function ownProof(
  fetch: FetchPublic,
  index: number,
  keys: readonly VerifierKey[],
  { hash }: { readonly hash: Uint8Array },
): Promise<string> {
  const { status, body } = await fetch(`/log/entry/${index}.tlog-proof`, 1_100_000);
  if (status !== 200) throw new LogError("bad-proof", `the log gives no proof of entry ${index}`);
  const proof = parseProof(body);
  if (proof.index !== index) throw new LogError("bad-proof", "the log's proof is about another entry");
  const { checkpoint } = verifyProof(proof, hash, trustIn(keys));
  return `entry ${index} of ${checkpoint.size}`;
}
