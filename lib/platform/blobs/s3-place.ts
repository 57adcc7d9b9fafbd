import { S3Client } from "@aws-sdk/client-s3";
import type { BlobSettings } from "./open";

export interface S3Place {
  readonly client: S3Client;
  readonly Bucket: string;
  /** A name of ours as the bucket's key, and back. */
  keyOf(name: string): string;
  nameOf(key: string): string;
}

/** The bucket and prefix of "s3://bucket/prefix". Throws when the access keys are missing. */
export function s3Place({ place, s3 }: BlobSettings): S3Place {
  const { hostname: Bucket, pathname } = new URL(place);
  const { accessKeyId, secretAccessKey, endpoint, region } = s3;
  if (accessKeyId === null || secretAccessKey === null)
    throw new Error(
      "SLIPMARK_BLOBS names an S3 bucket: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are needed",
    );
  const folder = pathname.replace(/^\/+|\/+$/g, "");
  const prefix = folder === "" ? "" : `${folder}/`;
  const client = new S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    // Host names per bucket need DNS that self-hosted stores do not have.
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    // Newer checksums travel as trailers, which most S3-compatible stores refuse. The name is a checksum already.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  return {
    client,
    Bucket,
    keyOf: (name) => prefix + name,
    nameOf: (key) => key.slice(prefix.length),
  };
}

export function isAbsent(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === "NoSuchKey" || name === "NotFound" || $metadata?.httpStatusCode === 404;
}
