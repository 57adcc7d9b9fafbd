import type { ClientBase } from "pg";
import { formatVerifierKey, publicKeyOfSpki, signatureTypes } from "@/lib/engine/log";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { type InstanceKeys, keyRoles } from "./keys";

const keysLock = 5_349_120_004;

/**
 * Notes the public halves of this process's keys, the first time. A key that differs from the one in use is refused:
 * another machine with keys of its own would sign a log that nobody could follow. Throws StartProblem.
 */
export async function registerKeys(client: ClientBase, keys: InstanceKeys): Promise<void> {
  await client.query("BEGIN");
  try {
    // Two machines that start for the first time at once: the keys of one of them, not some of each.
    await client.query("SELECT pg_advisory_xact_lock($1)", [keysLock]);
    await registerEach(client, keys);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function registerEach(client: ClientBase, keys: InstanceKeys): Promise<void> {
  for (const role of keyRoles) {
    const mine = Buffer.from(keys.of(role).spki);
    await client.query(
      `INSERT INTO log_key (role, public_key) SELECT $1, $2
       WHERE NOT EXISTS (SELECT FROM log_key WHERE role = $1) ON CONFLICT DO NOTHING`,
      [role, mine],
    );
    const { rows } = await client.query<{ public_key: Buffer }>(
      "SELECT public_key FROM log_key WHERE role = $1 ORDER BY id DESC LIMIT 1",
      [role],
    );
    if (!rows[0]?.public_key.equals(mine))
      throw new StartProblem(
        `the ${role} key of this process is not the one this instance uses: copy the key folder of the machine that has it, set the key in the environment, or rotate it there (npm run keys -- rotate ${role})`,
      );
  }
}

/** Verifier keys of the log, the newest first: a line each of /log/vkey. */
export async function verifierKeys(client: ClientBase, origin: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ public_key: Buffer }>(
    "SELECT public_key FROM log_key WHERE role = 'log' ORDER BY id DESC",
  );
  return rows.map(({ public_key }) =>
    formatVerifierKey(origin, signatureTypes.note, publicKeyOfSpki(new Uint8Array(public_key))),
  );
}
