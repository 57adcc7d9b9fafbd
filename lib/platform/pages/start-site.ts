import { locales } from "@/i18n/locales";
import { services } from "@/lib/platform/context/server";
import { env } from "@/lib/platform/env";
import { appendPeerAddress } from "@/lib/platform/http/append-peer";
import { boundBodies } from "@/lib/platform/http/bound-body";
import { log } from "@/lib/platform/telemetry";
import { cleanRedacted } from "./clean-redacted";
import { listenForPageChanges, revalidate } from "./listener";

/** What a site process does besides answering requests. */
export async function startSite(): Promise<void> {
  appendPeerAddress();
  boundBodies();
  const { HOST, PORT } = env();
  const origin = `http://${loopbackOf(HOST)}:${PORT}`;
  const { db, listener } = services();
  listenForPageChanges(listener, {
    origin,
    onError: (error) => log.warn({ err: error }, "a changed page could not be revalidated"),
  });
  cleanRedacted({
    db,
    listener,
    clean: (paths) => cleanPages(origin, paths),
    onError: (error) => log.warn({ err: error }, "redacted pages could not be cleaned yet"),
  });
}

/** Out of the cache, then asked for once in every language: what is kept from now on is what stands there now. */
async function cleanPages(origin: string, paths: readonly string[]): Promise<void> {
  for (let at = 0; at < paths.length; at += 500)
    await revalidate(origin, { paths: paths.slice(at, at + 500), forget: true });
  for (const path of paths)
    for (const locale of locales) {
      const response = await fetch(`${origin}/${locale}${path === "/" ? "" : path}`, {
        signal: AbortSignal.timeout(20_000),
        redirect: "manual",
      });
      await response.arrayBuffer();
      if (response.status >= 500) throw new Error(`${path} answered ${response.status}`);
    }
}

/** Where this process reaches itself. */
function loopbackOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
