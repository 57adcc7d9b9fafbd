import { createHash } from "node:crypto";
import { EngineError } from "@/lib/engine/errors";
import type { ListedFile, PinnedRelease, ReleaseReader } from "@/lib/engine/io/source/release";

/** One file of a release in memory. `listedOnly`: in the listing, but its bytes cannot be had. */
export interface MemoryFile {
  readonly path: string;
  readonly content?: Uint8Array | string | object;
  readonly listed?: Partial<ListedFile>;
  readonly listedOnly?: boolean;
}

/** A release held in memory, listed as a Hub would list it: git blob ids, and LFS hashes for weight files. */
export function memoryRelease(
  files: readonly MemoryFile[],
  release: Partial<Omit<PinnedRelease, "files">> = {},
): ReleaseReader {
  const contents = new Map<string, Uint8Array | null>();
  const listed = files.map(({ path, content, listed: stated, listedOnly }) => {
    const bytes = content === undefined ? null : bytesOf(content);
    contents.set(path, listedOnly ? null : bytes);
    return { path, ...hashes(path, bytes), ...stated };
  });
  listed.sort((a, b) => (a.path < b.path ? -1 : 1));
  const read = async (path: string, start: number, end: number) => {
    const bytes = contents.get(path);
    if (bytes === undefined) throw new EngineError("bad-input", `${path} is not listed`);
    if (bytes === null) return null;
    if (end > bytes.length) throw new EngineError("bad-input", `${path} ends before ${end}`);
    return bytes.slice(start, end);
  };
  return {
    release: { kind: "hf", repository: null, commit: null, ...release, files: listed },
    read,
    async readWhole(path, limit) {
      const bytes = contents.get(path);
      if (bytes && bytes.length > limit) throw new EngineError("too-large", `${path} is too large`);
      return read(path, 0, bytes?.length ?? 0);
    },
  };
}

export function gitBlobId(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

function hashes(path: string, bytes: Uint8Array | null): Omit<ListedFile, "path"> {
  if (bytes === null) return { size: null, gitOid: null, lfsSha256: null };
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const isLfs = /\.(safetensors|bin|gguf)$/.test(path);
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes.length}\n`;
  return {
    size: bytes.length,
    gitOid: gitBlobId(isLfs ? Buffer.from(pointer) : bytes),
    lfsSha256: isLfs ? sha256 : null,
  };
}

function bytesOf(content: Uint8Array | string | object): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === "string" ? content : JSON.stringify(content, null, 2));
}
