import type { ClientBase } from "pg";
import { formatCheckpoint, hex, keyId, signatureTypes, signNote } from "@/lib/engine/log";
import { advanceGuard, type Guarded, readGuard } from "./guard";
import type { InstanceKey, InstanceKeys } from "./keys";
import { ForkDanger, requireContains } from "./known-heads";
import { type PublishOptions, publishContents } from "./publish";
import type { LogHead } from "./sequence";

export const signerLock = 5_349_120_002;

/**
 * Signs every committed checkpoint that has no signature by the current log key yet, after what they cover is in place
 * and the guard has moved. One signer at a
 * time on this database, and one on this guard. Ed25519 is deterministic, so signing again after a crash gives the same
 * line. Throws ForkDanger when the guard knows a larger tree, or another one.
 */
export async function signCheckpoints(
  client: ClientBase,
  options: PublishOptions & { readonly keys: InstanceKeys; readonly guardFile: string },
): Promise<LogHead | null> {
  const { keys, guardFile, origin } = options;
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [signerLock]);
    const signers = [keys.of("log"), ...(keys.previousLog === null ? [] : [keys.previousLog])];
    const id = hex(keyId(origin, signatureTypes.note, keys.of("log").publicKey));
    const { rows } = await client.query<{ size: string; root: Buffer }>(
      `SELECT c.size::text, c.root FROM log_checkpoint c
       WHERE NOT EXISTS (SELECT FROM log_signature s WHERE s.size = c.size AND s.name = $1 AND s.key_id = $2)
       AND c.size >= coalesce((SELECT max(size) FROM log_signature WHERE signer = 'log'), 0)
       ORDER BY c.size`,
      [origin, id],
    );
    const last = rows.at(-1);
    if (last === undefined) {
      await client.query("COMMIT");
      return null;
    }
    const head = { origin, size: Number(last.size), root: new Uint8Array(last.root) };
    await requireGrowth(client, head, await readGuard(guardFile));
    // What the guard has seen can then always be recovered from the files, whenever the database is lost.
    await publishContents(client, options, head.size);
    await advanceGuard(guardFile, head, (known) => requireGrowth(client, head, known));
    for (const { size, root } of rows) {
      const body = formatCheckpoint({ origin, size: Number(size), root: new Uint8Array(root) });
      for (const key of signers) await keepLine(client, Number(size), origin, key, body);
    }
    await client.query("COMMIT");
    return head;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function keepLine(client: ClientBase, size: number, origin: string, key: InstanceKey, body: string) {
  await client.query(
    `INSERT INTO log_signature (size, line, signer, name, key_id) VALUES ($1, $2, 'log', $3, $4)
     ON CONFLICT DO NOTHING`,
    [
      size,
      signNote(body, { name: origin, publicKey: key.publicKey, sign: key.sign }),
      origin,
      hex(keyId(origin, signatureTypes.note, key.publicKey)),
    ],
  );
}

async function requireGrowth(client: ClientBase, head: LogHead, known: Guarded | null): Promise<void> {
  if (known === null) return;
  if (known.origin !== head.origin)
    throw new ForkDanger(`the guard belongs to the log "${known.origin}", the database to "${head.origin}"`);
  await requireContains(client, head.size, { who: "the guard", ...known });
}
