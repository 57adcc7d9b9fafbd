import type { Environment } from "@/lib/platform/env";
import { folderBlobs } from "./folder";
import type { BlobStore } from "./index";
import { s3Blobs } from "./s3";
import { s3Place } from "./s3-place";

export interface BlobSettings {
  /** A folder, or "s3://bucket/prefix". */
  readonly place: string;
  readonly s3: {
    readonly endpoint: string | null;
    readonly region: string;
    readonly accessKeyId: string | null;
    readonly secretAccessKey: string | null;
  };
}

/** The store that the settings name. */
export function openBlobs(settings: BlobSettings): BlobStore {
  if (!settings.place.startsWith("s3://")) return folderBlobs(settings.place);
  return s3Blobs(s3Place(settings));
}

type StoreVariables = Pick<
  Environment,
  "SLIPMARK_BLOBS" | "S3_ENDPOINT" | "S3_REGION" | "S3_ACCESS_KEY_ID" | "S3_SECRET_ACCESS_KEY"
>;

/** The store of this process's environment. */
export function blobsOf(settings: StoreVariables): BlobStore {
  return openBlobs(blobSettings(settings));
}

export function blobSettings(settings: StoreVariables): BlobSettings {
  return {
    place: settings.SLIPMARK_BLOBS,
    s3: {
      endpoint: settings.S3_ENDPOINT ?? null,
      region: settings.S3_REGION,
      accessKeyId: settings.S3_ACCESS_KEY_ID ?? null,
      secretAccessKey: settings.S3_SECRET_ACCESS_KEY ?? null,
    },
  };
}
