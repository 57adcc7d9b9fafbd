import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * The address a request comes from, for limits: the right-most entry of X-Forwarded-For that is not one of our own
 * proxies. What stands further left was written by the caller and is worth nothing. The right-most entry is always
 * the peer of our socket (append-peer.ts).
 */
export function clientAddress(headers: Headers, trustedProxies: readonly string[]): string | null {
  const chain = (headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((part) => part.trim().replace(/^::ffff:/, ""))
    .filter((part) => isIP(part) !== 0);
  for (const address of chain.toReversed()) if (!isTrusted(address, trustedProxies)) return grouped(address);
  return chain[0] === undefined ? null : grouped(chain[0]);
}

function isTrusted(address: string, networks: readonly string[]): boolean {
  const parsed = ipaddr.parse(address);
  return networks.some((network) => {
    const [base = "", bits] = network.split("/");
    const range = ipaddr.parse(base);
    if (range.kind() !== parsed.kind()) return false;
    return parsed.match([range, Number(bits ?? (range.kind() === "ipv4" ? 32 : 128))] as never);
  });
}

/** One IPv6 customer has at least a /64: counting single addresses would limit nobody. */
function grouped(address: string): string {
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === "ipv4") return address;
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}
