import { join, resolve } from "node:path";
import { isLoopbackHost } from "@/lib/platform/http/loopback-host";
import { keptSecret } from "./kept-secret";
import { readEnvironment } from "./read-environment";
import type { Variables } from "./variables";

/** The environment as the program sees it: parsed, with paths made absolute and secrets filled in. */
export interface Environment extends Variables {
  readonly NEXTAUTH_SECRET: string;
  readonly NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: string;
  readonly SLIPMARK_BLOBS: string;
  readonly SLIPMARK_KEYS: string;
  readonly SLIPMARK_LOG_GUARD: string;
  readonly SLIPMARK_LOG_ORIGIN: string;
}

let known: Environment | undefined;

/**
 * The environment, read once and lazily, so that importing a module never needs one. The only place that reads
 * process.env for a setting. Throws StartProblem on a wrong value.
 */
export function env(): Environment {
  known ??= complete(readEnvironment(process.env));
  return known;
}

/** Adds what is derived: absolute folders, and secrets kept in the data folder. */
export function complete(variables: Variables): Environment {
  const data = resolve(/* turbopackIgnore: true */ variables.SLIPMARK_DATA);
  const blobs = variables.SLIPMARK_BLOBS ?? join(data, "blobs");
  const place = (chosen: string | undefined, name: string) =>
    resolve(/* turbopackIgnore: true */ chosen ?? join(data, name));
  return {
    ...variables,
    SLIPMARK_DATA: data,
    SLIPMARK_BLOBS: blobs.startsWith("s3://") ? blobs : resolve(/* turbopackIgnore: true */ blobs),
    SLIPMARK_KEYS: place(variables.SLIPMARK_KEYS, "keys"),
    SLIPMARK_LOG_GUARD: place(variables.SLIPMARK_LOG_GUARD, "log-guard.json"),
    SLIPMARK_LOG_ORIGIN: variables.SLIPMARK_LOG_ORIGIN ?? defaultLogOrigin(variables),
    // Getters: a command that needs no secret makes none.
    get NEXTAUTH_SECRET() {
      return variables.NEXTAUTH_SECRET ?? keptSecret(data, "nextauth-secret");
    },
    get NEXT_SERVER_ACTIONS_ENCRYPTION_KEY() {
      return variables.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? keptSecret(data, "server-actions-key");
    },
  };
}

/**
 * Checks the environment without keeping anything: for next.config, which must fail early with the same words.
 * @public next.config.js imports it through tsx.
 */
export function checkEnvironment(): void {
  readEnvironment(process.env);
}

/** Where people reach this site: the public origin, or the address it listens on. */
export function siteOrigin(settings: Pick<Variables, "HOST" | "PORT" | "SLIPMARK_PUBLIC_ORIGIN">): string {
  if (settings.SLIPMARK_PUBLIC_ORIGIN !== undefined) return settings.SLIPMARK_PUBLIC_ORIGIN;
  const everywhere = settings.HOST === "0.0.0.0" || settings.HOST === "::";
  const host = everywhere ? "localhost" : settings.HOST.includes(":") ? `[${settings.HOST}]` : settings.HOST;
  return `http://${host}:${settings.PORT}`;
}

/** A log is named after the place where it is read. One that only this machine reads has a name that no other has use for. */
function defaultLogOrigin({ SLIPMARK_PUBLIC_ORIGIN: origin }: Variables): string {
  return origin === undefined ? "localhost/example-log" : `${new URL(origin).host}/log`;
}

/** Whether only this machine reaches the site: then, and without a public origin, examples may be shown. */
export function isLoopbackOnly(settings: Pick<Variables, "HOST" | "SLIPMARK_PUBLIC_ORIGIN">): boolean {
  return isLoopbackHost(settings.HOST) && settings.SLIPMARK_PUBLIC_ORIGIN === undefined;
}

export type { VariableName, Variables } from "./variables";
