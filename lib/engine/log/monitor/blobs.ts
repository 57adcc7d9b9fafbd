import { isPreimage } from "../bundle-payloads";
import { hex } from "../bytes";
import { sha256 } from "../hashing";
import type { Memory } from "./memory";
import { MonitorProblem } from "./problem";
import { checkStatement, largestStatement } from "./statement";
import { eachOf, type Surface } from "./surface";
import { requests, type WalkedEntry } from "./walk";

/** Bytes of the largest payload. */
const largestPayload = 64 * 1024 * 1024;

/** What was fetched and held against its hash. */
export class BlobCount {
  statements = 0;
  payloads = 0;
  bytes = 0;
  /** Gone, with a tombstone. */
  redacted = 0;
  signatures = 0;
  /** Statements whose signer's key is not public. */
  unknownSigners = 0;
}

/** Something that is said to be redacted; no tombstone is known for it yet. */
export interface Unexplained {
  readonly entry: number;
  readonly isName: boolean;
  /** Hex. */
  readonly sha256: string;
}

interface Known {
  readonly memory: Memory;
  readonly surface: Surface;
  readonly count: BlobCount;
}

/** Fetches what these entries published, 8 at a time, and checks it. Throws MonitorProblem; returns what is open. */
export async function checkBlobs(
  entries: readonly WalkedEntry[],
  known: Known,
  onEntry: () => void = () => undefined,
): Promise<readonly Unexplained[]> {
  const open = await eachOf(entries, requests, async (entry) => {
    const found = await checkEntry(entry, known);
    onEntry();
    return found;
  });
  return open.flat();
}

async function checkEntry(entry: WalkedEntry, known: Known): Promise<readonly Unexplained[]> {
  const { memory, surface, count } = known;
  const blob = await surface.blob(hex(entry.leaf.pae), largestStatement);
  if (blob.state !== "found")
    return gone({ entry: entry.index, isName: false, sha256: hex(entry.leaf.pae) }, blob.state, known);
  const statement = await checkStatement(entry, blob.bytes, surface, memory.signers);
  count.statements += 1;
  count.bytes += blob.bytes.length;
  if (statement.signer === null) count.unknownSigners += 1;
  else count.signatures += 1;
  const { name } = (statement.predicate.actor ?? {}) as { readonly name?: unknown };
  const open: Unexplained[] = [];
  for (const digest of statement.payloads) {
    const payload = await surface.blob(digest, largestPayload);
    const isName = name === `sha256:${digest}`;
    if (payload.state !== "found") {
      open.push(...(await gone({ entry: entry.index, isName, sha256: digest }, payload.state, known)));
      continue;
    }
    const where = `the payload ${digest} of entry ${entry.index}`;
    if (hex(sha256(payload.bytes)) !== digest)
      throw new MonitorProblem("blob-changed", `${where} was changed: its hash is another`);
    if (!isPreimage(payload.bytes)) throw new MonitorProblem("bad-statement", `${where} is not a payload`);
    count.payloads += 1;
    count.bytes += payload.bytes.length;
  }
  return open;
}

async function gone(
  what: Unexplained,
  state: "missing" | "redacted",
  { memory, surface, count }: Known,
): Promise<readonly Unexplained[]> {
  if (await memory.excuses(what.entry, what.isName, surface)) {
    count.redacted += 1;
    return [];
  }
  // What is redacted just now may have its tombstone in the next checkpoint. What is silently gone has none.
  if (state === "redacted") return [what];
  throw new MonitorProblem(
    "blob-missing",
    `${what.sha256}, published by entry ${what.entry}, is gone, and no tombstone says why`,
  );
}
