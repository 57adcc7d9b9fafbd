import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
export async function startInstance(): Promise<Instance> {
  const data = await mkdtemp(join(tmpdir(), "slipmark-e2e-"));
  const [port, smtp, oidc] = [await freePort(), await freePort(), await freePort()];
  const site = await startSite({
    data,
    port,
    // A build on a busy machine takes minutes.
    patienceMs: 540_000,
    env: {
      SMTP_URL: `smtp://127.0.0.1:${smtp}`,
      MAIL_FROM: "Slipmark <ledger@slipmark.example>",
      OIDC_ISSUER: `http://127.0.0.1:${oidc}`,
      OIDC_CLIENT_ID: oidcClient.id,
      OIDC_CLIENT_SECRET: oidcClient.secret,
      OIDC_NAME: "Test Institute",
    },
  });
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
      await rm(data, { recursive: true, force: true });
    },
  };
}
