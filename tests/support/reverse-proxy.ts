import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReverseProxy {
  /** The address people use: SLIPMARK_PUBLIC_ORIGIN of the sites behind it. */
  readonly origin: string;
  /** Sites it sends requests to, by name; the order is that of its turns. */
  readonly sites: Map<string, number>;
  close(): Promise<void>;
}

/** Asks for one site by its name; without it the sites take turns. */
export const siteHeader = "x-test-site";
/** The address of whoever asks, which the proxy sees on its socket elsewhere and here is told. */
export const clientHeader = "x-test-client";

/** A small reverse proxy on loopback: keeps Host, appends the client's address to X-Forwarded-For, holds nothing back. */
export async function startReverseProxy(): Promise<ReverseProxy> {
  const sites = new Map<string, number>();
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const { [siteHeader]: asked, [clientHeader]: client = "198.51.100.1", ...headers } = incoming.headers;
    const names = [...sites.keys()];
    const name = typeof asked === "string" ? asked : (names[turn++ % names.length] ?? "");
    const chain = [headers["x-forwarded-for"], client].flat().filter(Boolean).join(", ");
    const passed = request(
      {
        host: "127.0.0.1",
        port: sites.get(name),
        method: incoming.method,
        path: incoming.url,
        headers: { ...headers, "x-forwarded-for": chain, "x-forwarded-proto": "http" },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        answer.on("error", () => outgoing.destroy());
      },
    );
    passed.on("error", () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sites,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
