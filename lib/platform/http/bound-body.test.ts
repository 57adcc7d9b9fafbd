import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { boundBodies } from "./bound-body";

boundBodies(1000);
const server = createServer((request, response) => {
  text(request).then(
    (body) => response.end(String(body.length)),
    () => undefined,
  );
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const send = (body: BodyInit) => fetch(url, { method: "POST", body, duplex: "half" } as RequestInit);
const streamed = (size: number) => new Blob(["x".repeat(size)]).stream();

afterAll(() => new Promise((resolve) => server.close(resolve)));

test("a body within the bound arrives, with its length stated or not", async () => {
  expect(await (await send("x".repeat(1000))).text()).toBe("1000");
  expect(await (await send(streamed(1000))).text()).toBe("1000");
  expect(await (await fetch(url)).text()).toBe("0");
});

test("a longer one is refused, with its length stated or not", async () => {
  expect((await send("x".repeat(1001))).status).toBe(413);
  await expect(send(streamed(1001))).rejects.toThrow();
});
