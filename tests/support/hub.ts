import { createHash } from "node:crypto";
import type { HubFile, HubRepository } from "@/lib/examples/hub/repository";

export { repositoryFromFolder, repositoryFromRecordedFolder } from "@/lib/examples/hub/folders";
export type { HubFile, HubRepository } from "@/lib/examples/hub/repository";
export { type Hub, type HubOptions, startHub } from "@/lib/examples/hub/start-hub";

/** A repository from texts, bytes or JSON values; names ending in .safetensors and .bin are served the LFS way. */
export function hubRepository(
  name: string,
  files: Readonly<Record<string, string | Uint8Array | object | null>>,
  facts: Partial<Omit<HubRepository, "name" | "files">> = {},
): HubRepository {
  const listed = Object.entries(files).map(([path, content]): HubFile => {
    if (content === null) return { path, bytes: null, gitOid: sha("sha1", path), size: null };
    const bytes =
      content instanceof Uint8Array
        ? content
        : Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
    return { path, bytes, lfsSha256: /\.(safetensors|bin|gguf)$/.test(path) ? sha("sha256", bytes) : null };
  });
  const summary = listed
    .map((file) => `${file.path}\n${file.bytes ? sha("sha256", file.bytes) : ""}`)
    .join("\n");
  return {
    name,
    commit: sha("sha1", `${name}\n${summary}`),
    files: listed,
    likes: 0,
    downloads: 0,
    lastModified: "2026-01-01T00:00:00.000Z",
    ...facts,
  };
}

function sha(algorithm: "sha1" | "sha256", bytes: string | Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
