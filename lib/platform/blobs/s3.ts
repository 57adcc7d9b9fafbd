import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { isSha256, verifying } from "./hash";
import type { BlobStore } from "./index";
import { isAbsent, type S3Place } from "./s3-place";

/** Blobs as objects <prefix>/ab/cd/abcd… of an S3-compatible store. */
export function s3Blobs({ client, Bucket, keyOf }: S3Place): BlobStore {
  const object = (sha256: string) => ({
    Bucket,
    Key: keyOf(`${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`),
  });
  const has = async (sha256: string) => {
    if (!isSha256(sha256)) return false;
    try {
      await client.send(new HeadObjectCommand(object(sha256)));
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  };
  const body = async (sha256: string) => {
    if (!isSha256(sha256)) return null;
    try {
      return (await client.send(new GetObjectCommand(object(sha256)))).Body ?? null;
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  };

  return {
    has,
    async put(bytes) {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      if (!(await has(sha256)))
        await client.send(
          new PutObjectCommand({ ...object(sha256), Body: bytes, ContentLength: bytes.byteLength }),
        );
      return { sha256, size: bytes.byteLength };
    },
    async putFile(path) {
      const { size } = await stat(path);
      const hash = createHash("sha256");
      for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
      const sha256 = hash.digest("hex");
      if (!(await has(sha256)))
        await client.send(
          new PutObjectCommand({ ...object(sha256), Body: createReadStream(path), ContentLength: size }),
        );
      return { sha256, size };
    },
    async get(sha256) {
      const found = await body(sha256);
      if (found === null) return null;
      const bytes = await found.transformToByteArray();
      if (createHash("sha256").update(bytes).digest("hex") !== sha256)
        throw new Error(`blob ${sha256} is damaged in the store`);
      return bytes;
    },
    async stream(sha256) {
      const found = await body(sha256);
      if (found === null) return null;
      return (found.transformToWebStream() as ReadableStream<Uint8Array>).pipeThrough(verifying(sha256));
    },
    async delete(sha256) {
      if (isSha256(sha256)) await client.send(new DeleteObjectCommand(object(sha256)));
    },
  };
}
