import { z } from "zod";
import { hex } from "../bytes";
import { parseVerifierKey } from "../note";
import { tombstoneScopes } from "../tombstone";
import { fingerprintOfKey, type Memory } from "./memory";
import { MonitorProblem, refusing } from "./problem";
import { type CheckedStatement, checkStatement, largestStatement } from "./statement";
import type { Surface } from "./surface";
import { entryAt, type WalkedEntry } from "./walk";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** What an entry of kind "rotate" says. */
export const rotation = z.object({ role: z.string(), previous: digest, next: digest });
const tombstone = z.object({ index: z.int().min(0), scope: z.enum(tombstoneScopes) });

/**
 * Acts that change what the monitor has to accept: successors of keys, and tombstones. Their statements are always read
 * and their signatures always checked. `offered`: verifier keys that the log names now. Throws MonitorProblem.
 */
export async function learnFrom(
  entries: readonly WalkedEntry[],
  known: { readonly memory: Memory; readonly surface: Surface; readonly offered: readonly string[] },
): Promise<void> {
  // A tombstone may be signed by the new key some entries before the rotation that names it.
  for (const entry of entries) if (entry.leaf.kind === "rotate") await learnRotation(entry, known);
  for (const entry of entries) if (entry.leaf.kind === "tombstone") await learnTombstone(entry, known);
}

async function learnRotation(
  entry: WalkedEntry,
  { memory, surface, offered }: Parameters<typeof learnFrom>[1],
): Promise<void> {
  const { predicate } = await signedStatement(entry, "bad-rotation", memory, surface);
  const said = rotation.safeParse(predicate).data;
  if (said === undefined)
    throw new MonitorProblem("bad-rotation", `entry ${entry.index} does not say which key follows which`);
  if (said.role === "moderator" && memory.moderators.includes(said.previous))
    memory.moderators.push(said.next);
  if (said.role !== "log") return;
  const known = memory.keys().map(fingerprintOfKey);
  if (known.includes(said.next)) return;
  // Of a log that is met late only the newest key may have been given.
  if (!known.includes(said.previous) && memory.first) return;
  if (!known.includes(said.previous))
    throw new MonitorProblem("bad-rotation", `entry ${entry.index} replaces a key that never was the log's`);
  const next = offered.find((vkey) => {
    const key = refusing("bad-checkpoint", "/log/vkey", () => parseVerifierKey(vkey));
    return key.name === memory.origin && fingerprintOfKey(key) === said.next;
  });
  if (next !== undefined) memory.vkeys = [next, ...memory.vkeys];
}

async function learnTombstone(
  entry: WalkedEntry,
  { memory, surface }: Parameters<typeof learnFrom>[1],
): Promise<void> {
  const where = `the tombstone ${entry.index}`;
  const { predicate, subjects, signer } = await signedStatement(entry, "bad-tombstone", memory, surface);
  const said = tombstone.safeParse(predicate).data;
  if (said === undefined) throw new MonitorProblem("bad-tombstone", `${where} does not say what is gone`);
  if (said.index >= entry.index)
    throw new MonitorProblem("bad-tombstone", `${where} is about entry ${said.index}, which comes after it`);
  const target = await entryAt(surface, said.index, memory.tree);
  if (subjects.length !== 1 || subjects[0] !== hex(target.leaf.pae))
    throw new MonitorProblem(
      "bad-tombstone",
      `${where} names another statement than that of entry ${said.index}`,
    );
  memory.requireModerator(signer, entry.index);
  memory.remember({ at: entry.index, hash: entry.hash, entry: said.index, scope: said.scope });
}

/** The statement of an act that cannot do without one, with a signature that verifies. */
async function signedStatement(
  entry: WalkedEntry,
  code: "bad-rotation" | "bad-tombstone",
  memory: Memory,
  surface: Surface,
): Promise<CheckedStatement & { readonly signer: Uint8Array }> {
  const blob = await surface.blob(hex(entry.leaf.pae), largestStatement);
  if (blob.state !== "found")
    throw new MonitorProblem(code, `the statement of entry ${entry.index} (${entry.leaf.kind}) is gone`);
  const checked = await checkStatement(entry, blob.bytes, surface, memory.signers);
  if (checked.signer === null)
    throw new MonitorProblem(code, `nobody says by which key entry ${entry.index} is signed`);
  return { ...checked, signer: checked.signer };
}
