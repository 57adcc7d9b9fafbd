import { base64, decimal, equal, fromBase64, requireIndex } from "./bytes";
import { LogError } from "./errors";
import { isKeyName, parseNote, type SignedNote, signatureTypes, type VerifierKey, verifyNote } from "./note";
import { emptyRoot, hashSize } from "./tree";

export interface Checkpoint {
  /** The log's name. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** Text of a checkpoint note (C2SP tlog-checkpoint): three lines, no extensions. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!isKeyName(origin)) throw new LogError("malformed", `"${origin}" cannot name a log`);
  requireIndex(size, "the size");
  if (root.length !== hashSize) throw new LogError("malformed", "a root has 32 bytes");
  return `${origin}\n${size}\n${base64(root)}\n`;
}

/** Reads a note's text. Extension lines of other logs are allowed and ignored. Throws LogError. */
export function parseCheckpoint(body: string): Checkpoint {
  const lines = body.split("\n");
  if (lines.length < 4 || lines.pop() !== "" || lines.some((line) => line === ""))
    throw new LogError("malformed", "a checkpoint has three lines: origin, size, root");
  const [origin = "", size = "", root = ""] = lines;
  const checkpoint = { origin, size: decimal(size, "the checkpoint's size"), root: fromBase64(root) };
  if (checkpoint.root.length !== hashSize)
    throw new LogError("malformed", "the checkpoint's root has not 32 bytes");
  if (checkpoint.size === 0 && !equal(checkpoint.root, emptyRoot))
    throw new LogError("malformed", "a checkpoint of no entries has the hash of nothing as its root");
  return checkpoint;
}

export interface OpenedCheckpoint extends Checkpoint {
  readonly note: SignedNote;
}

/** A log as it is known by its keys: they carry its origin as their name. */
export interface LogTrust {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
}

export const trustIn = (keys: readonly VerifierKey[]): LogTrust => ({ origin: keys[0]?.name ?? "", keys });

/**
 * A checkpoint that the log signed: parse, origin, signature, in this order. Keys of the log carry its origin as their
 * name. Throws LogError "malformed", "wrong-origin", "unknown-key" or "bad-signature".
 */
export function openCheckpoint(note: Uint8Array | string, log: LogTrust): OpenedCheckpoint {
  const parsed = parseNote(note);
  const checkpoint = parseCheckpoint(parsed.text);
  if (checkpoint.origin !== log.origin)
    throw new LogError("wrong-origin", `this is a checkpoint of ${checkpoint.origin}, not of ${log.origin}`);
  const keys = log.keys.filter((key) => key.type === signatureTypes.note && key.name === log.origin);
  verifyNote(parsed, keys);
  return { ...checkpoint, note: parsed };
}
