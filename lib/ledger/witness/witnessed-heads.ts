import { createHash } from "node:crypto";
import { equal, LogError, openCheckpoint, parseVerifierKey, rootFromTiles } from "@/lib/engine/log";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Database } from "@/lib/platform/database";
import { boundedRequest, OutsideProblem } from "@/lib/platform/http/bounded-request";
import type { KnownHead } from "../log/known-heads";
import { tileReader } from "../log/log-files";
import { logVerifierKeys, publishedCheckpoint } from "../log/read";
import { addCheckpoint } from "./add-checkpoint";
import type { Witness } from "./configured";

export interface HeadsDeps {
  readonly db: Database;
  readonly files: NamedFiles;
  readonly origin: string;
  /** Verifier keys of the log that this process holds: a database that was put back may know none. */
  readonly logKeys: readonly string[];
  readonly witnesses: readonly Witness[];
  readonly timeoutMs: number;
}

/**
 * What the witnesses know of this log, for the guard against a database that was put back: each is asked for the
 * checkpoint that it serves, which only our key can have signed; where it serves none, for the size that add-checkpoint
 * names. A witness that does not answer is passed over: an outage never stops the log.
 */
export async function witnessedHeads(deps: HeadsDeps, signal: AbortSignal): Promise<readonly KnownHead[]> {
  const heads = await Promise.all(deps.witnesses.map((witness) => headAt(deps, witness, signal)));
  return heads.filter((head) => head !== null);
}

async function headAt(deps: HeadsDeps, witness: Witness, signal: AbortSignal): Promise<KnownHead | null> {
  const who = `the witness ${witness.key.name}`;
  const served = await servedHead(deps, witness, signal);
  if (served !== null) return { who, size: served.size, root: await deviantRoot(deps, served) };
  const size = await claimedSize(deps, witness, signal);
  return size === null ? null : { who, size, root: null };
}

interface Served {
  readonly size: number;
  readonly root: Uint8Array;
}

/** GET <prefix>/<sha256 of the origin>/checkpoint (C2SP tlog-witness, "Monitor Retrieval Mechanism"). */
async function servedHead(deps: HeadsDeps, witness: Witness, signal: AbortSignal): Promise<Served | null> {
  const { db, origin, timeoutMs } = deps;
  try {
    const { status, body } = await boundedRequest({
      url: `${witness.url}/${createHash("sha256").update(origin).digest("hex")}/checkpoint`,
      method: "GET",
      limit: 65_536,
      timeoutMs,
      signal,
    });
    if (status !== 200) return null;
    const keys = [...new Set([...deps.logKeys, ...(await logVerifierKeys(db))])].map(parseVerifierKey);
    return openCheckpoint(body, { origin, keys });
  } catch (error) {
    if (error instanceof OutsideProblem || error instanceof LogError) return null;
    throw error;
  }
}

/** Its root, unless our tree of that size has the same one. */
async function deviantRoot({ db, files }: HeadsDeps, served: Served): Promise<Uint8Array | null> {
  const ours = await publishedCheckpoint(db);
  if (ours === null || served.size > ours.size) return null;
  const root = await rootFromTiles(served.size, tileReader(files));
  return equal(root, served.root) ? null : served.root;
}

/** From the answer to a submission with nothing known. Only what was signed and published before is ever submitted. */
async function claimedSize(
  { db, timeoutMs }: HeadsDeps,
  witness: Witness,
  signal: AbortSignal,
): Promise<number | null> {
  const checkpoint = await publishedCheckpoint(db);
  if (checkpoint === null) return null;
  const answer = await addCheckpoint(
    witness,
    { old: 0, proof: [], note: checkpoint.note },
    { timeoutMs, signal },
  );
  if (answer.outcome === "conflict") return answer.size;
  // It knew nothing and has now cosigned this one; the next round asks again and keeps the line.
  return answer.outcome === "cosigned" ? checkpoint.size : null;
}
