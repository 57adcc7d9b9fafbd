import { services } from "@/lib/platform/context/server";
import { env } from "@/lib/platform/env";
import { appendPeerAddress } from "@/lib/platform/http/append-peer";
import { boundBodies } from "@/lib/platform/http/bound-body";
import { log } from "@/lib/platform/telemetry";
import { listenForPageChanges } from "./listener";

/** What a site process does besides answering requests. */
export async function startSite(): Promise<void> {
  appendPeerAddress();
  boundBodies();
  const { HOST, PORT } = env();
  listenForPageChanges(services().listener, {
    origin: `http://${loopbackOf(HOST)}:${PORT}`,
    onError: (error) => log.warn({ err: error }, "a changed page could not be revalidated"),
  });
}

/** Where this process reaches itself. */
function loopbackOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
