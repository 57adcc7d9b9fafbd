import { env } from "@/lib/platform/env";
import { keptSecret } from "@/lib/platform/env/kept-secret";
import { sameSecret } from "@/lib/platform/http/same-secret";

/**
 * This machine's own requests that came through no proxy, or whoever has the token. A proxy on the same machine makes
 * every request look local: hence exactly one entry in X-Forwarded-For, which is the peer (append-peer.ts).
 */
export function mayReadMetrics(request: Request): boolean {
  const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token !== undefined) return sameSecret(token, keptSecret(env().SLIPMARK_DATA, "metrics-token"));
  const peers = request.headers.get("x-forwarded-for")?.split(",") ?? [];
  return peers.length === 1 && /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/.test(peers[0]!.trim());
}
