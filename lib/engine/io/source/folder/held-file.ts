import { type FileHandle, open } from "node:fs/promises";

const idleMs = 500;

interface Held {
  readonly location: string;
  readonly handle: Promise<FileHandle | null>;
  users: number;
  closing: NodeJS.Timeout | null;
}

/**
 * Opens a file for many reads in a row: the handle of the file read last stays open until half a second after its last
 * use, or until another file is read. Null where the file cannot be opened.
 */
export function createHeldFile() {
  let last: Held | null = null;

  const close = (held: Held) => {
    if (held.closing) clearTimeout(held.closing);
    if (last === held) last = null;
    void held.handle.then((handle) => handle?.close()).catch(() => {});
  };

  return {
    async use<T>(location: string, work: (handle: FileHandle) => Promise<T>): Promise<T | null> {
      const before = last;
      if (before?.location !== location) {
        last = { location, handle: open(location, "r").catch(() => null), users: 0, closing: null };
        if (before?.users === 0) close(before);
      }
      const held = last as Held;
      if (held.closing) clearTimeout(held.closing);
      held.users += 1;
      try {
        const handle = await held.handle;
        return handle === null ? null : await work(handle);
      } finally {
        held.users -= 1;
        if (held.users === 0 && last !== held) close(held);
        else if (held.users === 0) held.closing = setTimeout(() => close(held), idleMs).unref();
      }
    },
  };
}
