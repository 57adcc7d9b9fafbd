import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../support/oidc";
import { startSite } from "../../support/running-site";
import { oidcClient } from "./peers";

/**
 * One instance for all browser tests, started as a newcomer would: supervisor, embedded database, example ledger,
 * site and worker. SMTP server and OpenID Connect provider are started by the tests that need them, on ports fixed here.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const data = await mkdtemp(join(tmpdir(), "slipmark-e2e-"));
  const [port, smtp, oidc] = [await freePort(), await freePort(), await freePort()];
  const site = await startSite({
    data,
    port,
    env: {
      SMTP_URL: `smtp://127.0.0.1:${smtp}`,
      MAIL_FROM: "Slipmark <ledger@slipmark.example>",
      OIDC_ISSUER: `http://127.0.0.1:${oidc}`,
      OIDC_CLIENT_ID: oidcClient.id,
      OIDC_CLIENT_SECRET: oidcClient.secret,
      OIDC_NAME: "Test Institute",
    },
  });
  Object.assign(process.env, {
    E2E_ORIGIN: site.origin,
    E2E_DATABASE_URL: site.databaseUrl,
    E2E_HF_ENDPOINT: site.hfEndpoint ?? "",
    E2E_DATA: data,
    E2E_SMTP_PORT: String(smtp),
    E2E_OIDC_PORT: String(oidc),
    E2E_SETUP_PATH: /\/setup\/[\w-]+/.exec(site.output())?.[0] ?? "",
  });
  return async () => {
    await site.stop();
    await rm(data, { recursive: true, force: true });
  };
}
