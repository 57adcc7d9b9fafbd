import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export interface ChildSpec {
  readonly name: string;
  /** Arguments of Node itself: every child is a Node process. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Resolves when the child does its work; rejects when it cannot. Not asked again after a restart. */
  ready?(child: ChildProcess): Promise<void>;
  /** How long it may take to end after SIGTERM. */
  readonly patience: number;
}

export interface ChildWatch {
  onStart(name: string, pid: number | null): void;
  say(line: string): void;
}

export interface SupervisedChild {
  readonly name: string;
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

const longestPause = 30_000;
/** A child that lived this long starts again without a growing pause. */
const healthyLife = 60_000;

/** Starts a child, waits until it is ready, and from then on starts it again whenever it ends unasked. */
export async function supervise(
  spec: ChildSpec,
  watch: ChildWatch,
  signal: AbortSignal,
): Promise<SupervisedChild> {
  let stopping = false;
  let pause = 1000;
  let born = Date.now();
  let child = launch();
  const wake = new AbortController();

  function launch(): ChildProcess {
    born = Date.now();
    const started = spawn(process.execPath, spec.args, {
      env: spec.env,
      // Its own group: Ctrl-C in the terminal reaches the supervisor alone, which then stops things in order.
      detached: true,
      // The channel tells the child when we vanish.
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    started.on("error", (error) => watch.say(`${spec.name}: ${error.message}`));
    watch.onStart(spec.name, started.pid ?? null);
    return started;
  }

  async function keepAlive(): Promise<void> {
    while (!stopping) {
      const how = await ended(child);
      watch.onStart(spec.name, null);
      if (stopping) return;
      pause = Date.now() - born > healthyLife ? 1000 : Math.min(pause * 2, longestPause);
      watch.say(`the ${spec.name} ended (${how}); starting it again in ${pause / 1000} s`);
      await sleep(pause, undefined, { signal: wake.signal }).catch(() => undefined);
      if (!stopping) child = launch();
    }
  }

  if (spec.ready !== undefined) {
    const early = ended(child).then((how) => {
      throw new Error(`the ${spec.name} ended before it was ready (${how})`);
    });
    early.catch(() => undefined);
    const interrupt = () => child.kill("SIGTERM");
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      await Promise.race([spec.ready(child), early]);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    } finally {
      signal.removeEventListener("abort", interrupt);
    }
  }
  const life = keepAlive();
  pause = 500;

  return {
    name: spec.name,
    stop: async () => {
      stopping = true;
      wake.abort();
      child.kill("SIGTERM");
      const late = setTimeout(() => {
        watch.say(`the ${spec.name} did not end in ${spec.patience / 1000} s and is stopped now`);
        child.kill("SIGKILL");
      }, spec.patience);
      await life;
      clearTimeout(late);
    },
    kill: () => {
      stopping = true;
      child.kill("SIGKILL");
    },
  };
}

function ended(child: ChildProcess): Promise<string> {
  const how = () =>
    child.signalCode !== null ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`;
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(how());
  return new Promise((resolve) => child.once("exit", () => resolve(how())));
}

/** Resolves with the first message of this type. */
export function message<Body extends { type: string }>(
  child: ChildProcess,
  type: Body["type"],
): Promise<Body> {
  return new Promise((resolve) => {
    child.on("message", (body: Body) => {
      if (body?.type === type) resolve(body);
    });
  });
}

/** Resolves when something answers HTTP at this address, whatever it says. */
export async function answersHttp(url: string, patience = 120_000): Promise<void> {
  for (let waited = 0; waited < patience; waited += 100) {
    const answered = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10_000) }).then(
      async (response) => {
        await response.body?.cancel();
        return true;
      },
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`nothing answers at ${url}`);
}
