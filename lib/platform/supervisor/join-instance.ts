import { connect } from "@/lib/platform/database";
import { checkServer } from "@/lib/platform/database/check-server";
import { migrate } from "@/lib/platform/database/migrations/migrate";
import { type Environment, env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { checkWritable, runningInstance } from "./instance";
import { checkSharedBlobs } from "./shared-blobs";
import { checkSharedSecrets } from "./shared-secrets";
import { childEnvironment } from "./site-environment";

/**
 * What `npm run site` and `npm run worker` do first: find the database of DATABASE_URL (or of the instance running in
 * this data folder), bring it up to date, and make sure that secrets and blob store are those of the others.
 */
export async function joinInstance(): Promise<{ settings: Environment; env: NodeJS.ProcessEnv }> {
  Object.assign(process.env, { NODE_ENV: "production" });
  const settings = env();
  await checkWritable(settings.SLIPMARK_DATA);
  const running = settings.DATABASE_URL === undefined ? await runningInstance(settings.SLIPMARK_DATA) : null;
  const databaseUrl = settings.DATABASE_URL ?? running?.databaseUrl;
  if (databaseUrl == null) {
    throw new StartProblem("DATABASE_URL is not set: expected the database that all sites and workers share");
  }
  await checkServer(databaseUrl);
  await migrate(databaseUrl);
  const db = connect(databaseUrl, { max: 1 });
  try {
    await checkSharedSecrets(db, settings, { replace: false });
    await checkSharedBlobs(db, settings);
  } finally {
    await db.$disconnect();
  }
  const hfEndpoint = running?.hfEndpoint ?? null;
  return { settings, env: childEnvironment(settings, { databaseUrl, hfEndpoint, development: false }) };
}
