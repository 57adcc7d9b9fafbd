import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { BlobSettings } from "@/lib/platform/blobs/open";
import { isAbsent, s3Place } from "@/lib/platform/blobs/s3-place";

/** Everything in the blob store by its name: blobs, tiles, the checkpoint. */
export interface Objects {
  names(): AsyncIterable<string>;
  /** Null when it is gone meanwhile. */
  read(name: string): Promise<Readable | null>;
  has(name: string): Promise<boolean>;
  /** Whole or not at all. */
  write(name: string, content: Readable, size: number): Promise<void>;
}

export function openObjects(settings: BlobSettings): Objects {
  return settings.place.startsWith("s3://") ? bucketObjects(settings) : folderObjects(settings.place);
}

export function folderObjects(folder: string): Objects {
  async function* walk(inside: string): AsyncIterable<string> {
    const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
      // Half-written blobs.
      if (name === "tmp") continue;
      if (entry.isDirectory()) yield* walk(name);
      else if (entry.isFile()) yield name;
    }
  }
  const has = (name: string) =>
    access(join(folder, name)).then(
      () => true,
      () => false,
    );
  return {
    names: () => walk(""),
    has,
    read: async (name) => ((await has(name)) ? createReadStream(join(folder, name)) : null),
    async write(name, content) {
      const temporary = join(folder, "tmp", randomBytes(12).toString("hex"));
      await mkdir(dirname(temporary), { recursive: true });
      try {
        await pipeline(content, createWriteStream(temporary, { flags: "wx", flush: true }));
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await rename(temporary, join(folder, name));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
  };
}

function bucketObjects(settings: BlobSettings): Objects {
  const { client, Bucket, keyOf, nameOf } = s3Place(settings);
  const absent = (error: unknown) => {
    if (isAbsent(error)) return null;
    throw error;
  };
  return {
    async *names() {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: keyOf(""), ContinuationToken }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield nameOf(Key);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    has: async (name) =>
      (await client.send(new HeadObjectCommand({ Bucket, Key: keyOf(name) })).catch(absent)) !== null,
    read: async (name) => {
      const found = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(name) })).catch(absent);
      return (found?.Body as Readable | undefined) ?? null;
    },
    async write(name, content, size) {
      await client.send(
        new PutObjectCommand({ Bucket, Key: keyOf(name), Body: content, ContentLength: size }),
      );
    },
  };
}
