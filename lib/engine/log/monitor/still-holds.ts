import { z } from "zod";
import { hex } from "../bytes";
import { type OpenedCheckpoint, openCheckpoint, trustIn } from "../checkpoint";
import { LogError } from "../errors";
import { parseVerifierKey } from "../note";
import { keysThatSigned, parseProof, verifyProof } from "../tlog-proof";
import { verifyConsistency } from "../tree";
import { rotation } from "./acts";
import { fingerprintOfKey } from "./memory";
import { MonitorProblem } from "./problem";
import { checkStatement, largestStatement, Signers } from "./statement";
import { type FetchPublic, openSurface, type Surface } from "./surface";
import { askConsistency } from "./verify-log";
import { entryAt } from "./walk";

/** Verifier keys that may have signed the older checkpoint, and those by which the log of today is known. */
export interface HeldKeys {
  readonly older: readonly string[];
  readonly trusted: readonly string[];
}

/**
 * The log as it is now begins with the tree of an older checkpoint that it signed. Where none of the trusted keys signed
 * today's, it may be by a successor: the trusted key then has signed a tree with the entry that names it. Returns what was
 * found. Throws LogError ("unknown-key": no succession can be shown) and MonitorProblem.
 */
export async function verifyStillHolds(
  fetch: FetchPublic,
  older: Uint8Array | string,
  keys: HeldKeys,
): Promise<string> {
  const old = open(older, keys.older);
  const surface = openSurface(fetch);
  const note = await surface.checkpoint();
  if (note === null) throw new LogError("malformed", "there is no log: it shows no checkpoint");
  const offered = await surface.verifierKeys();
  const trusted = keysUnder(note, keys.trusted);
  const now = open(note, trusted.length > 0 ? trusted : offered);
  const proof = old.size < now.size ? await askConsistency(fetch, old.size, now.size) : [];
  verifyConsistency({ oldSize: old.size, oldRoot: old.root, size: now.size, root: now.root, proof });
  if (trusted.length > 0) return `${old.size} → ${now.size}`;
  const named = await successors(fetch, surface, { now, trusted: keys.trusted, offered });
  const signers = keysUnder(note, offered);
  const entry = named.find(({ vkey }) => signers.includes(vkey))?.entry;
  if (entry !== undefined) return `${old.size} → ${now.size}; entry ${entry} names the key of today`;
  throw new LogError(
    "unknown-key",
    `the log of today is signed by ${signers.join(" and ")}, and nothing that a trusted key signed names it as the successor`,
  );
}

function open(note: Uint8Array | string, vkeys: readonly string[]): OpenedCheckpoint {
  return openCheckpoint(note, trustIn(vkeys.map(parseVerifierKey)));
}

/** Of some keys those that signed a note. */
const keysUnder = (note: Uint8Array, vkeys: readonly string[]): readonly string[] =>
  vkeys.filter((vkey) => {
    try {
      open(note, [vkey]);
      return true;
    } catch (error) {
      if (error instanceof LogError && error.code === "unknown-key") return false;
      throw error;
    }
  });

interface Successor {
  readonly vkey: string;
  /** The entry that names it. */
  readonly entry: number;
}

/** Keys that follow from trusted ones: each is named by an entry in today's tree, which its predecessor has signed. */
async function successors(
  fetch: FetchPublic,
  surface: Surface,
  log: {
    readonly now: OpenedCheckpoint;
    readonly trusted: readonly string[];
    readonly offered: readonly string[];
  },
): Promise<readonly Successor[]> {
  const found: Successor[] = [];
  for (const index of await rotations(fetch)) {
    const known = [...log.trusted, ...found.map(({ vkey }) => vkey)];
    const entry = await entryAt(surface, index, log.now);
    const blob = await surface.blob(hex(entry.leaf.pae), largestStatement);
    if (blob.state !== "found") continue;
    const { predicate } = await checkStatement(entry, blob.bytes, surface, new Signers([]));
    const said = rotation.safeParse(predicate).data;
    if (said?.role !== "log" || !known.map(fingerprint).includes(said.previous)) continue;
    const vkey = log.offered.find((one) => fingerprint(one) === said.next);
    if (vkey !== undefined && (await signedBy(fetch, index, entry.hash, known)))
      found.push({ vkey, entry: index });
  }
  return found;
}

const fingerprint = (vkey: string): string => fingerprintOfKey(parseVerifierKey(vkey));

/** The log's proof of the entry is under a checkpoint that one of these keys signed. */
async function signedBy(
  fetch: FetchPublic,
  index: number,
  leafHash: Uint8Array,
  vkeys: readonly string[],
): Promise<boolean> {
  const { status, body } = await fetch(`/log/entry/${index}.tlog-proof`, 1_100_000);
  if (status !== 200 || keysThatSigned(body, vkeys).length === 0) return false;
  const proof = parseProof(body);
  verifyProof(proof, leafHash, trustIn(vkeys.map(parseVerifierKey)));
  return proof.index === index;
}

const listSchema = z.object({
  items: z.array(z.object({ index: z.int().min(0) })).max(100),
  next: z.string().max(30).nullable(),
});
/** Pages of the list that are read: more changes of keys than any log has. */
const mostPages = 10;

/** Where the log says that its changes of keys stand, the oldest first. Each is proved by whoever uses it. */
async function rotations(fetch: FetchPublic): Promise<readonly number[]> {
  const found: number[] = [];
  let cursor = "";
  for (let page = 0; page < mostPages; page += 1) {
    const { status, body } = await fetch(
      `/api/v1/entries?kind=rotate&order=oldest&limit=100${cursor}`,
      1_000_000,
    );
    const answer = status === 200 ? listSchema.safeParse(json(body)).data : undefined;
    if (answer === undefined)
      throw new MonitorProblem("skipped", "the log does not list its changes of keys");
    found.push(...answer.items.map(({ index }) => index));
    if (answer.next === null) break;
    cursor = `&cursor=${encodeURIComponent(answer.next)}`;
  }
  return found.sort((a, b) => a - b);
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
