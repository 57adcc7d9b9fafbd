/**
 * Child of the tests that kill: a sequencer alone, as the worker runs it. argv[2]: its settings as JSON. Says "ready" when
 * it has begun, and goes on until it is killed or told to stop.
 */
import { join } from "node:path";
import { logChannel } from "@/lib/ledger/append-entry";
import { openKeys } from "@/lib/ledger/log/keys";
import { runSequencer } from "@/lib/ledger/log/run-sequencer";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { folderFiles } from "@/lib/platform/blobs/named-files";
import { createListener } from "@/lib/platform/notify";

export interface SequencerProcessSettings {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly origin: string;
  readonly batch: number;
  readonly intervalMs: number;
}

const settings = JSON.parse(process.argv[2] ?? "") as SequencerProcessSettings;
const { databaseUrl, folder, origin, batch, intervalMs } = settings;
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
process.once("disconnect", () => process.exit(1));
const listener = createListener(databaseUrl);
const running = runSequencer(
  {
    databaseUrl,
    origin,
    batch,
    intervalMs,
    keys: openKeys({ folder: join(folder, "keys") }),
    guardFile: join(folder, "guard.json"),
    blobs: folderBlobs(join(folder, "blobs")),
    files: folderFiles(join(folder, "blobs")),
    onAct: (wake) => listener.subscribe(logChannel, wake),
  },
  stop.signal,
);
process.send?.("ready");
await running;
await listener.close();
process.disconnect?.();
