import type { ClientBase } from "pg";
import { formatVerifierKey, publicKeyOfSpki, signatureTypes } from "@/lib/engine/log";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { type InstanceKeys, type KeyRole, keyRoles, previousVariable, variableOf } from "./keys";

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
      "SELECT public_key FROM log_key WHERE role = $1 ORDER BY id DESC",
      [role],
    );
    const [used, ...earlier] = rows.map(({ public_key }) => public_key);
    if (!used?.equals(mine))
      throw new StartProblem(
        aboutOtherKey(role, keys, { replaced: earlier.some((key) => key.equals(mine)) }),
      );
    const previous = role === "log" ? keys.previousLog : null;
    if (previous !== null && !rows.some(({ public_key }) => public_key.equals(Buffer.from(previous.spki))))
      throw new StartProblem(
        `the old log key (${previousVariable}, or log.previous.key in ${keys.folder}) never was a key of this log: it signs nothing`,
      );
  }
}

function aboutOtherKey(role: KeyRole, keys: InstanceKeys, { replaced }: { replaced: boolean }): string {
  const bring = `copy the key folder of the machine that has it, or set ${variableOf(role)} to it`;
  if (replaced)
    return `the ${role} key of this process was replaced by a newer one: ${bring}${keys.given.includes(role) ? ", and start again" : ""}`;
  const problem = `the ${role} key of this process is not the one this instance uses`;
  return keys.given.includes(role)
    ? `${problem}: set ${variableOf(role)} to that one, or, if this one is to follow it, register it with these settings: npm run keys -- rotate ${role}`
    : `${problem}: ${bring}`;
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
