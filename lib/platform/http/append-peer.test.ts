import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { appendPeerAddress } from "./append-peer";
import { clientAddress } from "./client-address";

appendPeerAddress();
appendPeerAddress();
const server = createServer((request, response) => response.end(String(request.headers["x-forwarded-for"])));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

afterAll(() => new Promise((resolve) => server.close(resolve)));

test("the peer's address ends the chain, whatever the caller wrote, and once", async () => {
  expect(await (await fetch(url)).text()).toBe("127.0.0.1");
  const forged = await (await fetch(url, { headers: { "x-forwarded-for": "203.0.113.5" } })).text();
  expect(forged).toBe("203.0.113.5, 127.0.0.1");
  const headers = new Headers({ "x-forwarded-for": forged });
  expect(clientAddress(headers, [])).toBe("127.0.0.1");
  expect(clientAddress(headers, ["127.0.0.1"])).toBe("203.0.113.5");
});
