import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "@/lib/platform/database";
import { freePort } from "@/lib/platform/database/embedded";
import { builtCheckout, compiledIn } from "@/tests/support/built-checkout";
import type { TestDatabase } from "@/tests/support/database";
import { type Hub, startHub } from "@/tests/support/hub";
import { copyCheckout, type Instance, startInstance } from "@/tests/support/instance";
import { killTree, processTree } from "@/tests/support/process-tree";
import { type ReverseProxy, startReverseProxy } from "@/tests/support/reverse-proxy";
import { startS3 } from "@/tests/support/s3";
import { type SmtpPeer, startSmtp } from "@/tests/support/smtp";

export interface Machine {
  readonly name: string;
  /** Its own copy of the built checkout. */
  readonly checkout: string;
  /** Its own SLIPMARK_DATA. */
  readonly data: string;
}

export interface Cluster {
  readonly db: Database;
  readonly hub: Hub;
  readonly smtp: SmtpPeer;
  readonly proxy: ReverseProxy;
  readonly machines: readonly [Machine, Machine];
  /** Where the S3 store keeps its objects. */
  readonly bucket: string;
  /** The environment that both machines share. */
  readonly env: Readonly<Record<string, string>>;
  /** How long the Hub thinks before each answer, in milliseconds. */
  slowMs: number;
  startSite(machine: Machine): Promise<Instance>;
  startWorker(machine: Machine, env?: Readonly<Record<string, string>>): Promise<Instance>;
  /** Ends whatever still runs and removes every file. */
  close(): Promise<void>;
}

/** Everything two machines share, and two machines: copies of a built checkout with data folders of their own. */
export async function startCluster({ url, db }: TestDatabase): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-cluster-"));
  const built = await builtCheckout();
  const machine = (name: string): Machine => {
    const checkout = join(folder, name, "checkout");
    copyCheckout(checkout, { built });
    return { name, checkout, data: join(folder, name, "data") };
  };
  const machines = [machine("a"), machine("b")] as const;
  const hub = await startHub({
    handle: async () => {
      if (cluster.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, cluster.slowMs));
      return false;
    },
  });
  const bucket = join(folder, "s3");
  const [s3, smtp, proxy] = await Promise.all([startS3(bucket), startSmtp(), startReverseProxy()]);
  const started: Instance[] = [];
  const close = async () => {
    for (const { child } of started)
      if (child.exitCode === null && child.signalCode === null) killTree(child.pid ?? 0);
    await Promise.all(started.map(({ ended }) => ended));
    await Promise.all([hub.close(), s3.close(), smtp.close(), proxy.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (
    where: Machine,
    script: string,
    env: Readonly<Record<string, string>>,
    ready: RegExp,
  ) => {
    const own = { ...cluster.env, SLIPMARK_DATA: where.data, ...env };
    const instance = await startInstance(where.checkout, { script, env: own, ready });
    started.push(instance);
    return instance;
  };
  const cluster: Cluster = {
    db,
    hub,
    smtp,
    proxy,
    machines,
    bucket,
    slowMs: 0,
    close,
    env: {
      ...compiledIn,
      ...s3.env,
      DATABASE_URL: url,
      SLIPMARK_KEYS: join(folder, "keys"),
      NEXTAUTH_SECRET: "the same secret on every machine, 32+",
      SLIPMARK_PUBLIC_ORIGIN: proxy.origin,
      SLIPMARK_TRUSTED_PROXIES: "127.0.0.1",
      SLIPMARK_WORKER_CONCURRENCY: "1",
      SMTP_URL: smtp.url,
      HF_ENDPOINT: hub.url,
    },
    async startSite(where) {
      const port = await freePort();
      const site = await start(where, "site", { PORT: String(port) }, /site ready at/);
      proxy.sites.set(where.name, port);
      return site;
    },
    startWorker: (where, env = {}) => start(where, "worker", env, /worker takes jobs/),
  };
  return cluster;
}

/** Whether this worker executes a run now. */
export function isBusy(worker: Instance): boolean {
  return processTree(worker.child.pid ?? 0).some(({ command }) => command.endsWith("run-job"));
}

/** Asks it to end as Ctrl-C does; returns how long that took, in seconds. */
export async function stopped(instance: Instance): Promise<number> {
  const asked = Date.now();
  instance.child.kill("SIGTERM");
  await instance.ended;
  return (Date.now() - asked) / 1000;
}
