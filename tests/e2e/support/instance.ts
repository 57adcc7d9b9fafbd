import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { startDrand } from "../../support/drand";
import { freePort } from "../../support/oidc";
import { startSite } from "../../support/running-site";
import { oidcClient } from "./peers";

export interface Instance {
  /** What the tests read through `given`, by the names of the variables. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * One instance for all browser tests, started as a newcomer would: supervisor, embedded database, example ledger,
 * site and worker. SMTP server and OpenID Connect provider are started by the tests that need them, on ports fixed here.
 */
export async function startInstance(onOutput: (text: string) => void = () => undefined): Promise<Instance> {
  const data = await mkdtemp(join(tmpdir(), "slipmark-e2e-"));
  const [port, smtp, oidc] = [await freePort(), await freePort(), await freePort()];
  // A round a second, signed with a real key: the labels of canaries are drawn while a test waits.
  const beacon = await startDrand();
  const site = await startSite({
    data,
    port,
    // A build on a busy machine takes minutes.
    patienceMs: 540_000,
    onOutput,
    env: {
      SMTP_URL: `smtp://127.0.0.1:${smtp}`,
      MAIL_FROM: "Slipmark <ledger@slipmark.example>",
      OIDC_ISSUER: `http://127.0.0.1:${oidc}`,
      OIDC_CLIENT_ID: oidcClient.id,
      OIDC_CLIENT_SECRET: oidcClient.secret,
      OIDC_NAME: "Test Institute",
      HF_OAUTH_ISSUER: `http://127.0.0.1:${oidc}`,
      HF_CLIENT_ID: oidcClient.id,
      HF_CLIENT_SECRET: oidcClient.secret,
      SLIPMARK_DRAND_URL: beacon.url,
      SLIPMARK_DRAND_CHAIN: JSON.stringify(await (await fetch(`${beacon.url}/info`)).json()),
    },
  });
  await exampleLedger(site.databaseUrl);
  return {
    variables: {
      E2E_ORIGIN: site.origin,
      E2E_DATABASE_URL: site.databaseUrl,
      E2E_HF_ENDPOINT: site.hfEndpoint ?? "",
      E2E_DATA: data,
      E2E_SMTP_PORT: String(smtp),
      E2E_OIDC_PORT: String(oidc),
      E2E_SETUP_PATH: /\/setup\/[\w-]+/.exec(site.output())?.[0] ?? "",
    },
    stop: async () => {
      await site.stop();
      await beacon.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The example ledger is loaded beside the running site; the tests want all of it. */
async function exampleLedger(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  // Its canary cases wait for a beacon and, step by step, for the log.
  const deadline = Date.now() + 360_000;
  try {
    for (;;) {
      const { rows } = await client.query(
        "SELECT value->>'complete' AS complete FROM setting WHERE key = 'examples'",
      );
      if (rows[0]?.complete === "true") return;
      if (Date.now() > deadline) throw new Error("the example ledger was not loaded within 6 minutes");
      await sleep(250);
    }
  } finally {
    await client.end();
  }
}
