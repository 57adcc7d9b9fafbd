import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "../embedded";

/** A throw-away PostgreSQL for the time of one task. */
export async function withScratchServer<Result>(task: (url: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-scratch-"));
  // As root the server is another user, who has to get in.
  await chmod(folder, 0o755);
  const outside = join(folder, "outside");
  const server = await startEmbedded({ folder: join(folder, "postgres"), durable: false, outside });
  try {
    return await task(server.url());
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
