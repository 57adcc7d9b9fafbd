import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { EngineError } from "../../errors";
import { isPublicAddress } from "./public-address";

/** Resolves a host name to all of its addresses. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

const resolveBySystem: Lookup = async (hostname) =>
  (await systemLookup(hostname, { all: true, verbatim: true })).map((found) => found.address);

/**
 * Connections of one configured endpoint. To that origin it connects wherever the name leads; to any other only
 * when every address of the name is public. The check sits inside the connection's own look-up, so the address that
 * was judged is the address that is connected to and a name that changes between two look-ups gains nothing.
 */
export function createGuardedDispatcher(trusted: URL, lookup: Lookup = resolveBySystem): Dispatcher {
  const connectTimeout = { timeout: 10_000 };
  const free = buildConnector({ ...connectTimeout, lookup: lookupWith(lookup, () => true) });
  const guarded = buildConnector({ ...connectTimeout, lookup: lookupWith(lookup, isPublicAddress) });
  return new Agent({
    connections: 8,
    pipelining: 1,
    connect(options, callback) {
      if (isTrusted(options, trusted)) return free(options, callback);
      // net.connect does not look literal addresses up: judge them here.
      const literal = withoutBrackets(options.hostname);
      if (isIP(literal) !== 0 && !isPublicAddress(literal)) return callback(refused(literal), null);
      return guarded(options, (error, socket) => {
        if (error) return callback(error, null);
        const remote = socket.remoteAddress;
        if (remote !== undefined && !isPublicAddress(remote)) {
          socket.destroy();
          return callback(refused(options.hostname), null);
        }
        return callback(null, socket);
      });
    },
  });
}

function isTrusted(options: buildConnector.Options, trusted: URL): boolean {
  const port = trusted.port || (trusted.protocol === "https:" ? "443" : "80");
  const asked = options.port || (options.protocol === "https:" ? "443" : "80");
  const sameHost = withoutBrackets(options.hostname) === withoutBrackets(trusted.hostname);
  return sameHost && options.protocol === trusted.protocol && String(asked) === port;
}

// URLs write IPv6 addresses in brackets, sockets without.
function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function lookupWith(lookup: Lookup, accept: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname).then(
      (addresses) => {
        if (addresses.length === 0) return callback(notFound(hostname), "", 0);
        if (!addresses.every(accept)) return callback(refused(hostname), "", 0);
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = found;
        if (options.all) return callback(null, found);
        return callback(null, first?.address ?? "", first?.family ?? 4);
      },
      (error: unknown) => callback(error instanceof Error ? error : notFound(hostname), "", 0),
    );
  };
}

function notFound(hostname: string): Error {
  return Object.assign(new Error(`No address found for ${hostname}`), { code: "ENOTFOUND" });
}

export function refused(host: string): EngineError {
  return new EngineError("address-refused", `${host} is not a public address`, { host });
}
