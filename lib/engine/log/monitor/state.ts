import { z } from "zod";
import { base64, equal, fromBase64, text } from "../bytes";
import { openCheckpoint } from "../checkpoint";
import { LogError } from "../errors";
import { parseVerifierKey } from "../note";
import { tombstoneScopes } from "../tombstone";

const size = z.int().min(0);
const hash = z.base64().length(44);
const position = z.strictObject({ size, root: hash });
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const schema = z.strictObject({
  schema: z.literal("slipmark.log-monitor/v1"),
  origin: z.string().max(255),
  /** Verifier keys of the log: pinned at first use; others join by an entry of kind "rotate". */
  vkeys: z.array(z.string().max(400)).min(1).max(64),
  /** The newest checkpoint seen, verbatim. */
  checkpoint: z.string().max(1_000_000),
  /** Its tree. */
  tree: position,
  /** Up to here every entry was read and hashed. */
  leaves: position,
  /** Up to here every statement and payload was fetched and hashed. */
  blobs: position,
  tombstones: z.array(
    z.strictObject({
      /** The tombstone's own place in the log, and its leaf hash. */
      at: size,
      leafHash: hash,
      /** The entry whose words are gone. */
      entry: size,
      scope: z.enum(tombstoneScopes),
    }),
  ),
  /** SubjectPublicKeyInfo (base64) of signers met before, the latest first. */
  signers: z.array(z.base64().max(200)).max(64),
  /** SHA-256 of the keys that may sign tombstones: the first one that did, and its successors. */
  moderators: z.array(digest).max(64),
  /** Where the next sample of earlier blobs begins. */
  next: size,
});

/** What a monitor remembers between its runs. Plain JSON. */
export type MonitorState = z.infer<typeof schema>;
export type Tombstone = MonitorState["tombstones"][number];

export interface Position {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

export const positionOf = (kept: MonitorState["tree"]): Position => ({
  size: kept.size,
  root: fromBase64(kept.root),
});
export const keptPosition = ({ size, root }: Position): MonitorState["tree"] => ({
  size,
  root: base64(root),
});

/** A remembered state. One that was damaged, or that its own keys did not sign, is refused: LogError "malformed". */
export function parseMonitorState(source: Uint8Array | string): MonitorState {
  let value: unknown;
  try {
    value = JSON.parse(typeof source === "string" ? source : text(source));
  } catch {
    throw new LogError("malformed", "not the state of a monitor: not JSON");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new LogError(
      "malformed",
      `not the state of a monitor (${parsed.error.issues[0]?.path.join(".") || "schema"})`,
    );
  const state = parsed.data;
  const keys = state.vkeys.map(parseVerifierKey);
  const checkpoint = openCheckpoint(state.checkpoint, { origin: state.origin, keys });
  if (checkpoint.size !== state.tree.size || !equal(checkpoint.root, fromBase64(state.tree.root)))
    throw new LogError("malformed", "the state of the monitor does not agree with its own checkpoint");
  if (state.blobs.size > state.leaves.size || state.leaves.size > state.tree.size)
    throw new LogError("malformed", "the state of the monitor is ahead of its own checkpoint");
  return state;
}

export const formatMonitorState = (state: MonitorState): string => `${JSON.stringify(state, null, 2)}\n`;
