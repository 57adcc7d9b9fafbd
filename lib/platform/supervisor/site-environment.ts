import { type Environment, siteOrigin } from "@/lib/platform/env";

/** What the site and the worker are started with: our own environment plus everything settled at the start. */
export function childEnvironment(
  settings: Environment,
  settled: {
    readonly databaseUrl: string;
    readonly hfEndpoint: string | null;
    /** For SLIPMARK_WITNESSES; null: as the environment has it. */
    readonly witnesses?: string | null;
    readonly development: boolean;
  },
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: settled.development ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    HOST: settings.HOST,
    PORT: String(settings.PORT),
    SLIPMARK_DATA: settings.SLIPMARK_DATA,
    DATABASE_URL: settled.databaseUrl,
    NEXTAUTH_URL: siteOrigin(settings),
    NEXTAUTH_SECRET: settings.NEXTAUTH_SECRET,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: settings.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY,
    ...(settled.hfEndpoint === null ? {} : { HF_ENDPOINT: settled.hfEndpoint }),
    ...(settled.witnesses == null ? {} : { SLIPMARK_WITNESSES: settled.witnesses }),
  };
}

/** What `next build` compiles in. */
export function buildEnvironment(settings: Environment): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: settings.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY,
  };
}
