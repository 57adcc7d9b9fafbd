import type { ReleaseReader } from "../io/source/release";

/** A reader that fetches each whole file once, however many methods ask for it. Ranges pass through. */
export function rememberWholes(reader: ReleaseReader): ReleaseReader {
  const wholes = new Map<string, Promise<Uint8Array | null>>();
  return {
    release: reader.release,
    ...(reader.full ? { full: reader.full } : {}),
    read: (path, start, end, signal) => reader.read(path, start, end, signal),
    readWhole(path, limit, signal) {
      const key = `${limit} ${path}`;
      const known = wholes.get(key);
      if (known !== undefined) return known;
      const bytes = reader.readWhole(path, limit, signal);
      wholes.set(key, bytes);
      return bytes;
    },
  };
}
