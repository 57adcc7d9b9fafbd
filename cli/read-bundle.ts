import { readFile, stat } from "node:fs/promises";
import { unzipSync } from "fflate";
import { EngineError } from "../lib/engine/errors";
import type { BundleFiles } from "../lib/engine/log";

/** Bytes of the zip, of all that it unpacks to, and its files. */
const largest = 64 * 1024 * 1024;
const mostFiles = 1000;
/** Plain names, in at most one folder: none leads anywhere, and none means something to this program. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9.-]{0,99}(\/[A-Za-z0-9][A-Za-z0-9.-]{0,99})?$/;

/**
 * The files of a bundle by name, nothing of it written anywhere. What a zip says it unpacks to is added up before
 * anything is unpacked, and no file becomes larger than it says. Throws EngineError.
 */
export async function readBundle(path: string): Promise<BundleFiles> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new EngineError("bad-input", `There is no file ${path}`);
  if (facts.size > largest) throw new EngineError("too-large", `${path} is too large for a bundle`);
  const names = new Set<string>();
  let room = largest;
  const refuse = (problem: string) => new EngineError("bad-input", `${path} ${problem}`);
  try {
    const files = unzipSync(new Uint8Array(await readFile(path)), {
      filter: ({ name, originalSize }) => {
        if (name.endsWith("/") && originalSize === 0) return false;
        if (!plainName.test(name)) throw refuse("holds a file whose name does not belong into a bundle");
        if (names.has(name)) throw refuse(`holds ${name} twice`);
        names.add(name);
        room -= originalSize;
        if (room < 0 || names.size > mostFiles)
          throw new EngineError("too-large", `${path} unpacks to more than a bundle may hold`);
        return true;
      },
    });
    const found = new Map(Object.entries(files));
    if (!found.has("leaf.json") && !found.has("entry.tlog-proof"))
      throw refuse("is a zip, but no bundle of a log's entry");
    return found;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw refuse("is not a zip that can be read");
  }
}
