import ipaddr from "ipaddr.js";

/** Public by their range, but inside of the machine that asks: the host service of one large cloud. */
const platformAddresses: ReadonlySet<string> = new Set(["168.63.129.16"]);

/**
 * True only for addresses of the public internet: IPv4 and IPv6 global unicast. Loopback, private, link-local,
 * carrier-grade NAT, multicast, reserved, documentation, IPv4-mapped, 6to4, Teredo and NAT64 addresses are not,
 * because each of them can lead back into the machine or network that asks.
 */
export function isPublicAddress(text: string): boolean {
  const bare = text.replace(/^\[|\]$/g, "");
  if (bare.includes("%") || !ipaddr.isValid(bare)) return false;
  const address = ipaddr.parse(bare);
  if (address.range() !== "unicast" || platformAddresses.has(address.toString())) return false;
  if (address.kind() === "ipv4") return true;
  // 2000::/3 is all that IANA has handed out as global unicast (RFC 4291); 64:ff9b:1::/48 (RFC 8215) and
  // IPv4-compatible ::/96 lie outside of it.
  const [first = 0] = (address as ipaddr.IPv6).parts;
  return first >= 0x2000 && first <= 0x3fff;
}
