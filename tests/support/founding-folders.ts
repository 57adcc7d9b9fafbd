import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type FixtureRelease,
  foundingBase,
  foundingOriginal,
  foundingSuspect,
} from "@/tests/fixtures/founding-pair";
import { gitBlobId } from "./memory-release";

export interface FoundingFolders {
  readonly original: string;
  readonly suspect: string;
  readonly base: string;
}

/** The founding pair as it lies on disk: recorded listings with flat files, and a plain folder for the base. */
export async function writeFoundingFolders(folder: string): Promise<FoundingFolders> {
  return {
    original: await writeRecorded(join(folder, "original"), foundingOriginal()),
    suspect: await writeRecorded(join(folder, "suspect"), foundingSuspect()),
    base: await writePlain(join(folder, "base"), foundingBase()),
  };
}

async function writeRecorded(folder: string, { commit, files }: FixtureRelease): Promise<string> {
  await mkdir(folder, { recursive: true });
  const listed = [];
  for (const { path, content, listed: stated, listedOnly } of files) {
    if (listedOnly) {
      const { size = null, gitOid = null, lfsSha256: sha256 = null } = stated ?? {};
      listed.push({
        path,
        oid: gitOid,
        size,
        ...(sha256 ? { lfs: { sha256, size, pointerSize: 135 } } : {}),
      });
      continue;
    }
    const bytes = bytesOf(content);
    listed.push({ path, oid: gitBlobId(bytes), size: bytes.length });
    await writeFile(join(folder, path.replace(/^.*\//, "")), bytes);
  }
  await writeFile(join(folder, "tree.json"), JSON.stringify({ commit, files: listed }));
  return folder;
}

async function writePlain(folder: string, { files }: FixtureRelease): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const { path, content } of files) if (content) await writeFile(join(folder, path), bytesOf(content));
  return folder;
}

function bytesOf(content: Uint8Array | string | object | undefined): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === "string" ? content : JSON.stringify(content, null, 2));
}
