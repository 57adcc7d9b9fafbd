import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { BlobSettings } from "./open";
import { isAbsent, s3Place } from "./s3-place";

/** Files under names of ours, beside the blobs: what a static server could serve as it stands. */
export interface NamedFiles {
  /** Whole or not at all; durable when this resolves. Replaces what had the name. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is none. */
  get(name: string): Promise<Uint8Array | null>;
  delete(name: string): Promise<void>;
  /** Names that begin with `prefix`, which ends with "/". */
  list(prefix: string): Promise<readonly string[]>;
}

export function openNamedFiles(settings: BlobSettings): NamedFiles {
  return settings.place.startsWith("s3://") ? bucketFiles(settings) : folderFiles(settings.place);
}

export function folderFiles(folder: string): NamedFiles {
  const absent = (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  };
  return {
    async put(name, bytes) {
      const target = join(folder, requireName(name));
      const temporary = join(folder, "tmp", randomBytes(12).toString("hex"));
      await mkdir(dirname(temporary), { recursive: true });
      await mkdir(dirname(target), { recursive: true });
      const file = await open(temporary, "wx");
      try {
        await file.writeFile(bytes);
        await file.sync();
        await file.close();
        await rename(temporary, target);
      } catch (error) {
        await file.close().catch(() => undefined);
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async get(name) {
      const bytes = await readFile(join(folder, requireName(name))).catch(absent);
      return bytes === null ? null : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    async delete(name) {
      await rm(join(folder, requireName(name)), { force: true });
    },
    async list(prefix) {
      const inside = join(folder, requireName(prefix.replace(/\/$/, "")));
      const entries = (await readdir(inside, { recursive: true, withFileTypes: true }).catch(absent)) ?? [];
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(prefix, entry.parentPath.slice(inside.length), entry.name))
        .sort();
    },
  };
}

function bucketFiles(settings: BlobSettings): NamedFiles {
  const { client, Bucket, keyOf, nameOf } = s3Place(settings);
  return {
    async put(name, bytes) {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: keyOf(requireName(name)),
          Body: bytes,
          ContentLength: bytes.byteLength,
        }),
      );
    },
    async get(name) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(requireName(name)) }));
        return (await Body?.transformToByteArray()) ?? null;
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
    async delete(name) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(requireName(name)) }));
    },
    async list(prefix) {
      const names: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: keyOf(prefix), ContinuationToken }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) names.push(nameOf(Key));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return names.sort();
    },
  };
}

function requireName(name: string): string {
  if (!/^[\w.@-]+(\/[\w.@-]+)*$/.test(name) || name.split("/").some((part) => part === ".." || part === "."))
    throw new TypeError(`not a name of a file here: ${name}`);
  return name;
}
