import { checkServer } from "@/lib/platform/database/check-server";
import { migrate } from "@/lib/platform/database/migrations/migrate";
import { type Environment, siteOrigin } from "@/lib/platform/env";
import { beginExamples } from "./begin-examples";
import { buildIfNeeded } from "./build";
import { checkPort } from "./check-port";
import { type ExampleHubPlace, exampleHubSpec, siteSpec, workerSpec } from "./child-specs";
import { openDatabase } from "./database";
import { aboutGuardPlace } from "./guard-place";
import { claimFolder } from "./instance";
import { identify, type ProcessIdentity } from "./process-identity";
import { buildEnvironment, childEnvironment } from "./site-environment";
import { listenForStop } from "./stop-request";
import { type ChildSpec, type SupervisedChild, supervise } from "./supervised-child";

/** What the supervisor asks of the domains above it; see bin/instance-hooks.ts. */
export interface InstanceHooks {
  /** Called once the database is migrated, before anything else uses it. */
  shareSecrets(databaseUrl: string): Promise<void>;
  /** Path of a fresh one-time link while there is no administrator. */
  setupPath(databaseUrl: string): Promise<string | null>;
  /**
   * "continue": load them, or go on with it; "serve": this database holds them, so their Hub has to run; "none".
   */
  examples(databaseUrl: string): Promise<"continue" | "serve" | "none">;
}

export interface InstanceOptions {
  readonly settings: Environment;
  readonly development: boolean;
  /** HF_ENDPOINT was set by the user and stays. */
  readonly endpointChosen: boolean;
  readonly hooks: InstanceHooks;
  readonly say: (line: string) => void;
}

/** Runs database, site and worker until asked to stop, then stops them in the opposite order. */
export async function runInstance(options: InstanceOptions): Promise<void> {
  const { settings, development, hooks, say } = options;
  const running: SupervisedChild[] = [];
  const stop = listenForStop(() => {
    for (const child of running) child.kill();
  });
  /** Undone from the last to the first. */
  const undo: (() => Promise<void>)[] = [];
  const claim = await claimFolder(settings.SLIPMARK_DATA);
  undo.push(claim.release);

  const children = new Map<string, ProcessIdentity & { name: string }>();
  const onStart = (name: string, pid: number | null) => {
    if (pid === null) children.delete(name);
    const noted =
      pid === null ? Promise.resolve() : identify(pid).then((id) => void children.set(name, { ...id, name }));
    void noted.then(() => claim.update({ children: [...children.values()] }));
  };
  const startChild = async (spec: ChildSpec) => {
    stop.check();
    const child = await supervise(spec, { onStart, say }, stop.signal);
    running.push(child);
    undo.push(() => child.stop());
  };

  const startHub = async () => {
    let hub: ExampleHubPlace | null = null;
    // Names of real releases go on to the real Hub, so that both can be looked up side by side.
    const upstream = {
      SLIPMARK_DATA: settings.SLIPMARK_DATA,
      SLIPMARK_EXAMPLES_UPSTREAM: settings.HF_ENDPOINT,
    };
    await startChild(exampleHubSpec({ ...process.env, ...upstream }, (place) => (hub = place)));
    return hub as ExampleHubPlace | null;
  };

  try {
    // What is quickly known to be wrong is told before the long steps.
    await checkPort(settings.HOST, settings.PORT);
    if (settings.DATABASE_URL !== undefined) await checkServer(settings.DATABASE_URL);
    await buildIfNeeded({
      env: buildEnvironment(settings),
      say,
      parts: development ? "engine" : "all",
      signal: stop.signal,
    });
    stop.check();
    const database = await openDatabase(settings, say);
    undo.push(database.stop);
    const applied = await migrate(database.url);
    if (applied.length > 0) say(`database ready, ${applied.length} migrations applied`);

    await hooks.shareSecrets(database.url);

    const examples = await hooks.examples(database.url);
    // Of an example log nothing is lost.
    const guard = examples === "none" ? aboutGuardPlace(settings) : null;
    if (guard !== null) say(guard);
    const hub = examples === "none" ? null : await startHub();
    const hfEndpoint = options.endpointChosen ? null : (hub?.url ?? null);
    // Chosen witnesses stay; without any, the examples' own one lets their order be seen.
    const witnesses = settings.SLIPMARK_WITNESSES === undefined ? (hub?.witness ?? null) : null;
    const env = childEnvironment(settings, {
      databaseUrl: database.url,
      hfEndpoint,
      witnesses,
      development,
    });
    await claim.update({ databaseUrl: database.url, hfEndpoint });
    if (examples === "continue") undo.push(await beginExamples(env, say, stop.signal));
    // Stopped in the opposite order: the site stops accepting before the worker hands back what it has.
    await startChild(workerSpec(env));
    await startChild(siteSpec({ env, host: settings.HOST, port: settings.PORT, development }));
    const origin = siteOrigin(settings);
    await claim.update({ origin });
    const setup = await hooks.setupPath(database.url);
    // One write: whoever waits for the first line finds the second one too.
    const link = setup === null ? "" : `\nslipmark: become administrator, once: ${origin}${setup}`;
    say(`ready at ${origin}${link}`);
    await stop.asked;
    say("stopping …");
  } finally {
    for (const step of undo.reverse()) await step().catch((error) => say(String(error)));
  }
}
