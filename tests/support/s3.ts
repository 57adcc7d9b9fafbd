import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import S3rver from "s3rver";

export interface S3Peer {
  /** Settings of a site or worker that keeps its blobs there. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** An S3-compatible store on loopback with one bucket. */
export async function startS3(folder: string): Promise<S3Peer> {
  const s3 = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: "slipmark", configs: [] }],
  });
  await s3.run();
  const server = (s3 as unknown as { httpServer: Server }).httpServer;
  return {
    env: {
      SLIPMARK_BLOBS: "s3://slipmark/instance",
      S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      S3_ACCESS_KEY_ID: "S3RVER",
      S3_SECRET_ACCESS_KEY: "S3RVER",
    },
    close: async () => {
      server.closeAllConnections();
      await s3.close();
    },
  };
}
