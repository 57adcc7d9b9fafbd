import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { isSha256, verifying } from "./hash";
import type { BlobStore } from "./index";

export interface S3Settings {
  readonly bucket: string;
  /** Put before every key; without slashes at its ends. */
  readonly prefix: string;
  /** Null: Amazon's own endpoint of the region. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Blobs as objects <prefix>/ab/cd/abcd… of an S3-compatible store. */
export function s3Blobs(settings: S3Settings): BlobStore {
  const client = new S3Client({
    region: settings.region,
    ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint }),
    // Host names per bucket need DNS that self-hosted stores do not have.
    forcePathStyle: true,
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    // Newer checksums travel as trailers, which most S3-compatible stores refuse. The name is a checksum already.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const object = (sha256: string) => ({
    Bucket: settings.bucket,
    Key: [settings.prefix, sha256.slice(0, 2), sha256.slice(2, 4), sha256].filter(Boolean).join("/"),
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

function isAbsent(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === "NoSuchKey" || name === "NotFound" || $metadata?.httpStatusCode === 404;
}
