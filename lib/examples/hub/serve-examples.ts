import { rm } from "node:fs/promises";
import { canaryRepositories } from "../canary/releases";
import { exampleRepositories } from "../releases/catalogue";
import { createExampleWitness } from "../witness/example-witness";
import { createControl, hubStateFile, readHubState, restoreChanges, writePrivately } from "./control";
import type { HubRepository } from "./repository";
import { type Hub, startHub } from "./start-hub";

export interface ExampleHubOptions {
  readonly dataFolder: string;
  /** Absent: the port of the last run if it is free, else any. */
  readonly port?: number;
  /** Where names that this Hub does not know are sent, as a mirror does; null = answered as unknown. */
  readonly upstream?: string | null;
  /** The fictitious releases unless told otherwise. */
  readonly repositories?: readonly HubRepository[];
  readonly tell?: (line: string) => void;
  /** Verifier keys of the log that the example witness, served beside, is to cosign; without it there is no witness. */
  readonly logKeys?: (origin: string) => Promise<readonly string[]>;
}

export interface ExampleHub extends Hub {
  /** "vkey url" as SLIPMARK_WITNESSES wants it; null without a witness. */
  readonly witness: string | null;
}

/** Starts the example Hub with its control address and leaves its whereabouts in the data folder. */
export async function serveExampleHub(options: ExampleHubOptions): Promise<ExampleHub> {
  const { dataFolder } = options;
  const repositories = options.repositories ?? [...exampleRepositories(), ...canaryRepositories()];
  const last = Number(new URL((await readHubState(dataFolder))?.url ?? "http://127.0.0.1:0").port);
  let control: ReturnType<typeof createControl> | null = null;
  const witness =
    options.logKeys === undefined
      ? null
      : await createExampleWitness({ dataFolder, logKeys: options.logKeys });
  const start = (port: number) =>
    startHub({
      repositories,
      port,
      upstream: options.upstream ?? null,
      handle: async (request, response, hub) =>
        (await witness?.handle(request, response)) ||
        ((await control?.handle(request, response, hub)) ?? false),
    });
  const hub =
    options.port !== undefined ? await start(options.port) : await start(last).catch(() => start(0));
  const changes = await restoreChanges(hub, dataFolder, options.tell ?? (() => {}));
  control = createControl(dataFolder, changes);
  await writePrivately(hubStateFile(dataFolder), { url: hub.url, pid: process.pid, secret: control.secret });
  return {
    ...hub,
    url: hub.url,
    witness: witness === null ? null : `${witness.vkey} ${hub.url}${witness.path}`,
    async close() {
      await rm(hubStateFile(dataFolder), { force: true });
      await hub.close();
    },
  };
}
