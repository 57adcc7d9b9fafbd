import type { CanaryItem } from "@/lib/engine/canary";

export type SetKind = "random-label" | "natural" | "generator";

/** Items as they will be sealed, with the images that go with them. */
export interface ReadItems {
  readonly items: readonly CanaryItem[];
  /** Images by their SHA-256. */
  readonly images: ReadonlyMap<string, Uint8Array>;
  readonly withImage: number;
  /** The smallest number of options of any item; null where one has none. */
  readonly options: number | null;
}

/** An item names an image that was not chosen. */
export class ImageMissing extends Error {
  constructor(readonly file: string) {
    super(file);
  }
}

/** Images are found by the whole path or, from a field that gives no folders, by the name alone. */
function byName(files: readonly File[]): (path: string) => File | undefined {
  const named = new Map<string, File>();
  for (const file of files) {
    named.set(file.name, file);
    if (file.webkitRelativePath) {
      named.set(file.webkitRelativePath, file);
      named.set(file.webkitRelativePath.split("/").slice(1).join("/"), file);
    }
  }
  return (path) => named.get(path.replace(/^\.\//, "")) ?? named.get(path.split("/").at(-1) ?? path);
}

/**
 * Reads the file of items and the images it names, here in the browser. Throws CanaryError or ImageMissing. The
 * `pause` between two images lets the page draw.
 */
export async function readItems(
  engine: typeof import("@/lib/engine/canary"),
  file: File,
  imageFiles: readonly File[],
  pause: () => Promise<void>,
): Promise<ReadItems> {
  const written = engine.parseItems(new Uint8Array(await file.arrayBuffer()), file.name);
  const find = byName(imageFiles);
  const images = new Map<string, Uint8Array>();
  const items: CanaryItem[] = [];
  for (const { image, ...rest } of written) {
    if (image === undefined) {
      items.push(rest);
      continue;
    }
    const found = find(image);
    if (found === undefined) throw new ImageMissing(image);
    const bytes = new Uint8Array(await found.arrayBuffer());
    const facts = engine.imageFacts(bytes, image);
    images.set(facts.sha256, bytes);
    items.push({ ...rest, image: facts });
    await pause();
  }
  return {
    items,
    images,
    withImage: items.filter(({ image }) => image).length,
    options: engine.fewestOptions(items),
  };
}
