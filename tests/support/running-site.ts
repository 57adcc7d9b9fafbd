import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface RunningSite {
  readonly origin: string;
  readonly databaseUrl: string;
  readonly hfEndpoint: string | null;
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Asks it to end, as Ctrl-C does, and waits. */
  stop(): Promise<number | null>;
}

/** Starts `npm start`'s program with settings of its own and waits until the site answers. */
export async function startSite(options: {
  readonly data: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly patienceMs?: number;
  /** Also gets what it prints, as it comes. */
  readonly onOutput?: (text: string) => void;
}): Promise<RunningSite> {
  const { data, port, env = {}, patienceMs = 240_000 } = options;
  const child = spawn(process.execPath, ["--import", "tsx", "bin/start.ts"], {
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port), SLIPMARK_DATA: data, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      const text = chunk.toString("utf8");
      printed += text;
      options.onOutput?.(text);
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const deadline = Date.now() + patienceMs;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the site ended while starting:\n${printed}`);
    if (Date.now() > deadline) {
      child.kill("SIGTERM");
      throw new Error(`the site did not start within ${patienceMs} ms:\n${printed}`);
    }
    const note = await readFile(join(data, "running.json"), "utf8").then(JSON.parse, () => null);
    if (note?.origin) {
      return {
        origin: note.origin,
        databaseUrl: note.databaseUrl,
        hfEndpoint: note.hfEndpoint,
        process: child,
        output: () => printed,
        stop: () => {
          child.kill("SIGTERM");
          return ended;
        },
      };
    }
    await sleep(200);
  }
}
