import { BlockList, isIP } from "node:net";
import { env } from "@/lib/platform/env";

/**
 * The network address a request comes from, for rate limits. Each proxy appends whom it heard from to X-Forwarded-For:
 * read from the end, the first entry that is not one of our own proxies. Without one the site itself puts the socket's
 * address there.
 */
export function clientAddress(
  headers: Headers,
  trusted: readonly string[] = env().SLIPMARK_TRUSTED_PROXIES,
): string | null {
  const hops = (headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((hop) => hop.trim().replace(/^::ffff:(?=\d+\.)/i, ""))
    .filter((hop) => isIP(hop) !== 0);
  const ours = networks(trusted);
  return hops.findLast((hop) => !ours.check(hop, isIP(hop) === 6 ? "ipv6" : "ipv4")) ?? hops[0] ?? null;
}

function networks(list: readonly string[]): BlockList {
  const block = new BlockList();
  for (const network of list) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) block.addAddress(address, family);
    else block.addSubnet(address, Number(bits), family);
  }
  return block;
}
