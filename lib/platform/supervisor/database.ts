import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkServer } from "@/lib/platform/database/check-server";
import { type EmbeddedServer, startEmbedded } from "@/lib/platform/database/embedded";
import type { Environment } from "@/lib/platform/env";

export interface RunningDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** The database of DATABASE_URL, or an embedded one that is started again should it crash. */
export async function openDatabase(
  settings: Pick<Environment, "DATABASE_URL" | "SLIPMARK_DATA">,
  say: (line: string) => void,
): Promise<RunningDatabase> {
  if (settings.DATABASE_URL !== undefined) {
    await checkServer(settings.DATABASE_URL);
    return { url: settings.DATABASE_URL, stop: async () => undefined };
  }
  const folder = join(settings.SLIPMARK_DATA, "postgres");
  let server = await startEmbedded({ folder, durable: true });
  const url = server.url();
  const port = Number(new URL(url).port);
  let stopping = false;

  // Its address must stay what the site and the worker were told, so it comes back on the same port.
  const revive = async (): Promise<EmbeddedServer> => {
    for (;;) {
      say("the database ended unasked; starting it again");
      try {
        const next = await startEmbedded({ folder, durable: true, port });
        if (next.url() === url) return next;
        await next.stop();
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
      await sleep(2000);
    }
  };
  const keepAlive = async (): Promise<void> => {
    while (!stopping) {
      await server.ended;
      if (!stopping) server = await revive();
    }
  };
  void keepAlive();

  return {
    url,
    stop: async () => {
      stopping = true;
      await server.stop();
    },
  };
}
