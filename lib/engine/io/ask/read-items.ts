import { open, readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { CanaryError, type CanaryItem, imageFacts, limits, parseItems } from "../../canary";
import { EngineError } from "../../errors";

export interface ItemsFile {
  readonly items: readonly CanaryItem[];
  /** The image of an item of this file, read again and as it is now. */
  image(item: Pick<CanaryItem, "id" | "image">): Promise<Uint8Array>;
}

/**
 * A file of items with the images beside it: paths are relative to the file and stay below its folder. Throws
 * EngineError "bad-input" with one sentence.
 */
export async function readItemsFile(path: string): Promise<ItemsFile> {
  const folder = dirname(path);
  const written = saying(path, await readFile(path), (bytes) => parseItems(bytes, path));
  const places = new Map<string, string>();
  const items: CanaryItem[] = [];
  for (const { image, ...item } of written) {
    if (image === undefined) {
      items.push(item);
      continue;
    }
    const place = placeOf(folder, image, item.id);
    places.set(item.id, place);
    items.push({ ...item, image: saying(path, await readImage(place), (bytes) => imageFacts(bytes, place)) });
  }
  return {
    items,
    image: ({ id }) => {
      const place = places.get(id);
      if (place === undefined)
        throw new EngineError("bad-input", `Item ${JSON.stringify(id)} of ${path} has no image`);
      return readImage(place);
    },
  };
}

function placeOf(folder: string, image: string, id: string): string {
  if (isAbsolute(image) || image.split(/[\\/]/).includes("..") || image.includes("\0")) {
    throw new EngineError(
      "bad-input",
      `The image of item ${JSON.stringify(id)} has to lie below the folder of its file`,
    );
  }
  return join(folder, image);
}

/** At most one byte more than an image may have: enough to see that it is too large. */
async function readImage(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    if (!(await file.stat()).isFile()) throw new EngineError("bad-input", `${path} is not a file`);
    const buffer = Buffer.alloc(limits.imageBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return Uint8Array.from(buffer.subarray(0, length));
    }
  } finally {
    await file.close();
  }
}

function saying<T>(path: string, bytes: Uint8Array, read: (bytes: Uint8Array) => T): T {
  try {
    return read(bytes);
  } catch (error) {
    if (!(error instanceof CanaryError)) throw error;
    throw new EngineError("bad-input", error.message, { path });
  }
}
