import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { answersHttp, type ChildSpec, message } from "./supervised-child";

/**
 * The database client sends the queries of one transaction side by side, and pg 8 warns at each start that pg 9 will not
 * queue them. Nobody who runs a site can act on that.
 */
export const typescript = ["--disable-warning=DeprecationWarning", "--import", "tsx"];
const dieWithParent = pathToFileURL(join(process.cwd(), "lib/platform/supervisor/die-with-parent.mjs")).href;

/** The Next server, from the build or as the development server. */
export function siteSpec(options: {
  readonly env: NodeJS.ProcessEnv;
  readonly host: string;
  readonly port: number;
  readonly development: boolean;
}): ChildSpec {
  const { env, host, port, development } = options;
  const next = join("node_modules", "next", "dist", "bin", "next");
  const everywhere = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : null;
  const reach = everywhere ?? (host.includes(":") ? `[${host}]` : host);
  return {
    name: "site",
    args: ["--import", dieWithParent, next, development ? "dev" : "start", "-H", host, "-p", String(port)],
    env,
    ready: () => answersHttp(`http://${reach}:${port}/healthz`),
    patience: 5000,
  };
}

export function workerSpec(env: NodeJS.ProcessEnv): ChildSpec {
  // Long enough for a run in hand to be handed back.
  return { name: "worker", args: [...typescript, join("worker", "index.ts")], env, patience: 30_000 };
}

/** Where the example Hub is, and how its witness is configured. */
export interface ExampleHubPlace {
  readonly url: string;
  readonly witness: string | null;
}

/** The loopback Hub that serves the example releases. `onReady` learns its place before it counts as ready. */
export function exampleHubSpec(env: NodeJS.ProcessEnv, onReady: (place: ExampleHubPlace) => void): ChildSpec {
  return {
    name: "example Hub",
    args: [...typescript, join("lib", "examples", "hub", "main.ts")],
    env,
    ready: async (child) => onReady(await message<{ type: "ready" } & ExampleHubPlace>(child, "ready")),
    patience: 3000,
  };
}
