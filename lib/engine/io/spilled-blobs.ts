import { randomBytes } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlobSink } from "./record-reads";

const MiB = 1024 * 1024;

/** What a run keeps of what it read, for its capsule. */
export interface BlobStore extends BlobSink {
  get(sha256: string): Uint8Array | undefined;
  /** Gives the disk space back; afterwards nothing can be had from it any more. */
  close(): void;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * Blobs by their SHA-256, each once: the first `memoryBytes` in memory, the others in one temporary file, so that a
 * run over an 8B pair (hundreds of megabytes of ranges) stays small. The file loses its name as soon as it is open:
 * nothing is left behind by a process that is killed. Throws what the disk throws when it is full.
 */
export function createSpilledBlobs(
  options: { readonly memoryBytes?: number; readonly folder?: string } = {},
): BlobStore {
  const memoryBytes = options.memoryBytes ?? 32 * MiB;
  const held = new Map<string, Uint8Array>();
  const spilled = new Map<string, Place>();
  let heldBytes = 0;
  let file: ScratchFile | null = null;

  return {
    put(sha256, bytes) {
      if (held.has(sha256) || spilled.has(sha256)) return;
      if (heldBytes + bytes.length <= memoryBytes) {
        heldBytes += bytes.length;
        held.set(sha256, bytes);
        return;
      }
      file ??= openScratchFile(options.folder ?? tmpdir());
      spilled.set(sha256, { offset: file.append(bytes), length: bytes.length });
    },
    get(sha256) {
      const place = spilled.get(sha256);
      return place && file ? file.read(place) : held.get(sha256);
    },
    close() {
      file?.close();
      file = null;
      held.clear();
      spilled.clear();
    },
  };
}

interface ScratchFile {
  append(bytes: Uint8Array): number;
  read(place: Place): Uint8Array;
  close(): void;
}

function openScratchFile(folder: string): ScratchFile {
  const path = join(folder, `slipmark-${randomBytes(9).toString("hex")}.blobs`);
  const handle = openSync(path, "wx+", 0o600);
  // Where an open file cannot be removed (Windows), it goes when it is closed.
  const named = !removed(path);
  let end = 0;
  return {
    append(bytes) {
      const offset = end;
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(handle, bytes, done, bytes.length - done, offset + done);
      }
      end += bytes.length;
      return offset;
    },
    read({ offset, length }) {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const count = readSync(handle, bytes, done, length - done, offset + done);
        if (count === 0) throw new Error("The temporary file was cut off");
        done += count;
      }
      return bytes;
    },
    close() {
      closeSync(handle);
      if (named) removed(path);
    },
  };
}

function removed(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}
