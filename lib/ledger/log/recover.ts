import type { ClientBase } from "pg";
import {
  equal,
  formatVerifierKey,
  parseVerifierKey,
  publicKeyOfSpki,
  signatureTypes,
  tileWidth,
} from "@/lib/engine/log";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { advanceGuard, readGuard } from "./guard";
import { readKept } from "./kept-entries";
import { type InstanceKeys, keyRoles } from "./keys";
import { ForkDanger } from "./known-heads";
import { type PublishOptions, publisherLock } from "./publish";
import { type KnownTree, knownTree, readPublishedTree } from "./published-tree";
import { putBackForked, setAsideForked, settlePending } from "./recover-pending";
import { insertEntries, insertPayloads, insertSignatures, insertTiles } from "./recover-rows";
import { recoverEntry } from "./recovered-entry";
import { verifierKeys } from "./registered-keys";
import { requireOrigin, sequencerLock } from "./sequence";
import { signerLock } from "./sign-checkpoints";

export interface RecoverOptions extends PublishOptions {
  readonly keys: InstanceKeys;
  readonly guardFile: string;
  readonly onProgress?: (line: string) => void;
}

export interface Recovered {
  /** Entries of the log now. */
  readonly size: number;
  /** Entries that the database did not have, or had otherwise. */
  readonly added: number;
  /** Entries that only this database had: their acts wait for the log again. */
  readonly forked: number;
  /** Pending acts that the log held already. */
  readonly dropped: number;
  /** Entries that came back without a statement: redacted, or their blob is lost. */
  readonly withoutStatement: number;
}

/**
 * Rebuilds the log's tables from what is published, in one transaction: every published entry is read and hashed, and
 * nothing is kept unless the whole gives the roots of the published checkpoint and of the guard. Never makes the log
 * shorter than either. Throws StartProblem, LogError or ForkDanger, and then nothing has changed.
 */
export async function recoverLog(client: ClientBase, options: RecoverOptions): Promise<Recovered> {
  const { origin, keys, files, guardFile } = options;
  const guard = await readGuard(guardFile);
  if (guard !== null) requireOrigin(guard.origin, origin);
  const vkeys = [...(await verifierKeys(client, origin)), ...ownVerifierKeys(keys, origin)].map(
    parseVerifierKey,
  );
  const tree = await knownTree(files, guard, { origin, keys: vkeys });
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    for (const lock of [sequencerLock, signerLock, publisherLock])
      await client.query("SELECT pg_advisory_xact_lock($1)", [lock]);
    await client.query("SET LOCAL synchronous_commit = on");
    const recovered = await rebuild(client, options, tree, [
      ...(guard === null ? [] : [{ ...guard, who: "the guard" }]),
      ...(tree.published === null ? [] : [{ ...tree.published, who: "the published checkpoint" }]),
    ]);
    await client.query("COMMIT");
    await advanceGuard(guardFile, tree, async (known) => {
      if (known !== null && known.size > tree.size)
        throw new ForkDanger("the log went on while it was being recovered: run this again");
    });
    return recovered;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function rebuild(
  client: ClientBase,
  options: RecoverOptions,
  tree: KnownTree,
  trees: readonly { readonly size: number; readonly root: Uint8Array; readonly who: string }[],
): Promise<Recovered> {
  const { origin, files, blobs, keys, onProgress = () => undefined } = options;
  const state = await client.query<{ origin: string; size: string }>(
    "SELECT origin, size::text FROM log_state WHERE id = 1 FOR UPDATE",
  );
  if (state.rows[0] !== undefined) requireOrigin(state.rows[0].origin, origin);
  const before = Number(state.rows[0]?.size ?? 0);
  const agreed = await agreeingEntries(client, files, Math.min(before, tree.size));
  if (agreed === tree.size)
    throw new StartProblem(
      `nothing to recover: the database has all ${tree.size} entries that were published${before > agreed ? ` and ${before - agreed} more` : ""}`,
    );
  onProgress(`${agreed} of ${tree.size} published entries are in the database`);
  await keepKeys(client, keys);
  const spkis = await knownSpkis(client);
  const forked = await setAsideForked(client, agreed);
  await client.query("DELETE FROM log_tile");
  let withoutStatement = 0;
  for await (const bundle of readPublishedTree(files, tree.size, [
    ...trees,
    { ...tree, who: "the recovery" },
  ])) {
    await insertTiles(client, bundle.tiles);
    if (bundle.start + bundle.entries.length <= agreed) continue;
    const width = bundle.entries.length;
    const kept = await readKept(files, { level: "entries", index: bundle.index, width });
    const entries = await Promise.all(
      bundle.entries.flatMap((leaf, at) => {
        const index = bundle.start + at;
        return index < agreed ? [] : [recoverEntry(blobs, index, leaf, kept?.[at] ?? null, spkis)];
      }),
    );
    await insertEntries(client, entries);
    await insertPayloads(client, blobs, entries);
    withoutStatement += entries.filter(({ stated }) => stated === null).length;
    if (bundle.index % 64 === 63) onProgress(`${bundle.start + width} of ${tree.size} entries`);
  }
  const dropped = await settlePending(client);
  await putBackForked(client);
  const root = Buffer.from(tree.root);
  await client.query("INSERT INTO log_checkpoint (size, root) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
    tree.size,
    root,
  ]);
  if (tree.published !== null) await insertSignatures(client, tree.published);
  await client.query(
    `INSERT INTO log_state (id, origin, size, root, published_size) VALUES (1, $1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET size = EXCLUDED.size, root = EXCLUDED.root, published_size = EXCLUDED.published_size`,
    [origin, tree.size, root, tree.published?.size ?? 0],
  );
  return { size: tree.size, added: tree.size - agreed, forked, dropped, withoutStatement };
}

/** How many entries of the database are, from the first on, the published ones. */
async function agreeingEntries(
  client: ClientBase,
  files: PublishOptions["files"],
  most: number,
): Promise<number> {
  let agreed = 0;
  for await (const { start, entries } of readPublishedTree(files, most, [])) {
    const { rows } = await client.query<{ leaf: Buffer }>(
      "SELECT leaf FROM log_entry WHERE index >= $1 AND index < $2 ORDER BY index",
      [start, start + tileWidth],
    );
    for (const [at, entry] of entries.entries()) {
      const leaf = rows[at]?.leaf;
      if (leaf === undefined || !equal(new Uint8Array(leaf), entry)) return agreed;
      agreed += 1;
    }
  }
  return agreed;
}

const ownVerifierKeys = (keys: InstanceKeys, origin: string): string[] =>
  [keys.of("log"), ...(keys.previousLog === null ? [] : [keys.previousLog])].map((key) =>
    formatVerifierKey(origin, signatureTypes.note, publicKeyOfSpki(key.spki)),
  );

/** The published checkpoint was signed by a key of this process: a backup made before a rotation does not know it. */
async function keepKeys(client: ClientBase, keys: InstanceKeys): Promise<void> {
  const known = [
    ...(keys.previousLog === null ? [] : [keys.previousLog]),
    ...keyRoles.map((role) => keys.of(role)),
  ];
  for (const { role, spki } of known)
    await client.query("INSERT INTO log_key (role, public_key) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
      role,
      Buffer.from(spki),
    ]);
}

async function knownSpkis(client: ClientBase): Promise<Uint8Array[]> {
  const { rows } = await client.query<{ public_key: Buffer }>(
    "SELECT public_key FROM log_key ORDER BY id DESC",
  );
  return rows.map(({ public_key }) => new Uint8Array(public_key));
}
