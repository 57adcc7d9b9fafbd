import { equal } from "@/lib/engine/log";
import type { Context } from "@/lib/platform/context";
import type { Database, Transaction } from "@/lib/platform/database";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { recordAct } from "../record-act";
import { activateNextKey, currentKey, discardNextKey, makeNextKey, nextKey, parseKey } from "./key-files";
import {
  instanceKey,
  type KeyRole,
  type KeySettings,
  keyFingerprint,
  keyRoles,
  openPrevious,
  previousVariable,
  variableOf,
} from "./keys";

type Writer = Pick<Context, "db" | "clock">;

export interface Rotated {
  /** Fingerprints: SHA-256 of the SubjectPublicKeyInfo, hex. */
  readonly previous: string;
  readonly next: string;
  /** The new key comes from the environment, which every worker needs. */
  readonly given: boolean;
}

/** A worker that publishes a great deal holds the lock for a while. */
const patience = { maxWait: 10_000, timeout: 120_000 };

/**
 * Gives a role a new key and records that in the log: one made here, or the one that the environment names instead of
 * the key in use. The database decides: the new key stands beside the old one until its public half and the entry about
 * it are committed, and only then takes its place. Throws StartProblem, and whatever the database throws; then the old
 * key is still the one in use, and no other lies about.
 */
export async function rotateKey(ctx: Writer, settings: KeySettings, role: KeyRole): Promise<Rotated> {
  const { folder } = settings;
  const given = settings.given?.[role];
  let rotated: Rotated | null = null;
  try {
    await ctx.db.$transaction(async (tx) => {
      await lock(tx);
      // One that was cut off is finished first.
      await settle(tx, folder, "keep");
      const used = await usedKey(tx, role);
      const next = given === undefined ? madeKey(folder, role, used) : givenKey(settings, role, given, used);
      if ((await tx.logKey.count({ where: { publicKey: Buffer.from(next) } })) > 0)
        throw new StartProblem(`${variableOf(role)} holds a key that was used before: it takes a new one`);
      rotated = {
        previous: keyFingerprint(used),
        next: keyFingerprint(next),
        given: given !== undefined,
      };
      await tx.logKey.create({ data: { role, publicKey: Buffer.from(next) } });
      await recordAct(tx, {
        kind: "rotate",
        about: "log",
        subjects: [{ name: `key:${role}`, digest: { sha256: rotated.next } }],
        predicate: { role, previous: rotated.previous, next: rotated.next },
        dedupKey: `rotate:${rotated.next}`,
        t: ctx.clock.now(),
      });
    }, patience);
  } catch (error) {
    // The answer to a commit can be lost on the way: what the database holds by now counts.
    await settleKeys(ctx.db, folder, "discard");
    const now = await usedKey(ctx.db, role).catch(() => null);
    if (rotated !== null && now !== null && keyFingerprint(now) === (rotated as Rotated).next) return rotated;
    throw error;
  }
  await settleKeys(ctx.db, folder);
  return rotated as unknown as Rotated;
}

/**
 * Finishes a rotation that was cut off after its commit: the key that the database names takes its place in the folder.
 * One that it does not name is kept, or discarded by the rotation that has failed.
 */
export async function settleKeys(
  db: Database,
  folder: string,
  unnamed: "keep" | "discard" = "keep",
): Promise<void> {
  if (keyRoles.every((role) => nextKey(folder, role) === null)) return;
  await db.$transaction(async (tx) => {
    await lock(tx);
    await settle(tx, folder, unnamed);
  }, patience);
}

async function settle(tx: Transaction, folder: string, unnamed: "keep" | "discard"): Promise<void> {
  for (const role of keyRoles) {
    const next = nextKey(folder, role);
    if (next === null) continue;
    const used = await newestKey(tx, role);
    if (used !== null && equal(used, instanceKey(role, next).spki)) activateNextKey(folder, role);
    else if (unnamed === "discard") discardNextKey(folder, role);
  }
}

/** Nobody signs checkpoints while file and table change places (signerLock of sign-checkpoints.ts). */
async function lock(tx: Transaction): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(5349120002)::text`;
}

async function newestKey(db: Pick<Database, "logKey">, role: KeyRole): Promise<Uint8Array | null> {
  const row = await db.logKey.findFirst({ where: { role }, orderBy: { id: "desc" } });
  return row === null ? null : new Uint8Array(row.publicKey);
}

async function usedKey(db: Pick<Database, "logKey">, role: KeyRole): Promise<Uint8Array> {
  const used = await newestKey(db, role);
  if (used === null)
    throw new StartProblem("this instance uses no keys yet: its first worker registers them");
  return used;
}

/** A new key in the folder, beside the one in use, which has to be there. */
function madeKey(folder: string, role: KeyRole, used: Uint8Array): Uint8Array {
  const current = currentKey(folder, role);
  if (current === null || !equal(instanceKey(role, current).spki, used))
    throw new StartProblem(
      `the ${role} key in use is not in ${folder}: rotate it on the machine that has it, or, if it comes from the environment, set ${howToGive(role)}`,
    );
  return instanceKey(role, makeNextKey(folder, role)).spki;
}

/** The key that the environment names; of the log the one in use has to be there too, to sign beside it. */
function givenKey(settings: KeySettings, role: KeyRole, content: string, used: Uint8Array): Uint8Array {
  const { spki } = instanceKey(role, parseKey(content, variableOf(role)));
  if (equal(spki, used))
    throw new StartProblem(
      `${variableOf(role)} holds the key in use. To rotate it, set ${howToGive(role)}, and run this again`,
    );
  const previous = role === "log" ? openPrevious(settings) : null;
  if (role === "log" && (previous === null || !equal(previous.spki, used)))
    throw new StartProblem(
      `the log key in use has to sign beside the new one for a while: put it into ${previousVariable}`,
    );
  return spki;
}

const howToGive = (role: KeyRole): string =>
  role === "log"
    ? `${variableOf(role)} to a new key and ${previousVariable} to the one in use`
    : `${variableOf(role)} to a new key`;
