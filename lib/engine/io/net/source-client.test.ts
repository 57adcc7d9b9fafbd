import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import { codeOf, type FarSide, ioFor, startFarSide } from "../../../../tests/support/far-side";
import { createLocalBudget } from "./request-budget";
import { SourceClient } from "./source-client";

const open: FarSide[] = [];
afterEach(async () => {
  for (const side of open.splice(0)) await side.close();
});

async function farSide(answer: Parameters<typeof startFarSide>[0]): Promise<FarSide> {
  const side = await startFarSide(answer);
  open.push(side);
  return side;
}

function clientFor(side: FarSide, ...changes: [Parameters<typeof ioFor>[1]?, Parameters<typeof ioFor>[2]?]) {
  const io = ioFor(side.url, ...changes);
  return new SourceClient(io, { endpoint: side.url, token: "hf_secret" });
}

const get = (client: SourceClient, side: FarSide, path = "/file") =>
  client.get(new URL(path, side.url), { maxBytes: 1000 });
const getRange = (client: SourceClient, side: FarSide, start: number, end: number) =>
  client.get(new URL("/file", side.url), { maxBytes: 1000, range: { start, end } });

describe("addresses", () => {
  test("the endpoint itself may lie on loopback, another port may not", async () => {
    const other = await farSide((_, response) => void response.end("secret"));
    const side = await farSide((_, response) => {
      response.writeHead(302, { location: other.url }).end();
    });
    expect(await codeOf(get(clientFor(side), side))).toBe("address-refused");
    expect(other.requests).toEqual([]);
  });

  test("an endpoint on the IPv6 loopback is an endpoint like any other", async () => {
    const server = createServer((_, response) => void response.end("ok"));
    await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
    const url = `http://[::1]:${(server.address() as AddressInfo).port}`;
    const client = new SourceClient(ioFor(url), { endpoint: url, token: null });
    const answer = await client.get(new URL(url), { maxBytes: 10 });
    expect(answer.status).toBe(200);
    server.closeAllConnections();
    server.close();
  });

  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]:80/",
    "http://[::ffff:10.0.0.1]/",
    "http://0x7f000001/",
    "http://2130706433/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "http://",
  ])("a redirect to %s is refused", async (location) => {
    const side = await farSide((_, response) => {
      response.writeHead(302, { location }).end();
    });
    const code = await codeOf(get(clientFor(side, {}, { maxRetries: 0 }), side));
    expect(["address-refused", "source-unreachable"]).toContain(code);
  });

  test("a name that leads to a private address is refused, even beside a public one", async () => {
    const side = await farSide((_, response) => {
      response.writeHead(302, { location: "http://cdn.example/" }).end();
    });
    for (const addresses of [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"]]) {
      const asked: string[] = [];
      const client = clientFor(side, {
        lookup: async (name) => {
          asked.push(name);
          return addresses;
        },
      });
      expect(await codeOf(get(client, side))).toBe("address-refused");
      expect(asked).toEqual(["cdn.example"]);
    }
  });

  test("at most five redirects", async () => {
    const side = await farSide((_, response, count) => {
      response.writeHead(302, { location: `/next-${count}` }).end();
    });
    expect(await codeOf(get(clientFor(side, {}, { maxRetries: 0 }), side))).toBe("source-unreachable");
    expect(side.requests).toHaveLength(6);
  });

  test("a redirect inside the endpoint keeps the token; nothing compressed is asked for", async () => {
    const side = await farSide((request, response) => {
      if (request.url === "/file") response.writeHead(307, { location: "/there" }).end();
      else response.end("ok");
    });
    const answer = await get(clientFor(side), side);
    expect(Buffer.from(answer.body).toString()).toBe("ok");
    expect(side.headers.map((one) => one.authorization)).toEqual(["Bearer hf_secret", "Bearer hf_secret"]);
    expect(side.headers.map((one) => one["accept-encoding"])).toEqual(["identity", "identity"]);
  });
});

test("the token stays with the endpoint: dropped at the first other host, and not taken up again", async () => {
  const side = await farSide((request, response) => {
    const port = new URL(side.url).port;
    const next = { "/file": `http://cdn.example:${port}/2`, "/2": `${side.url}/3` }[request.url ?? ""];
    if (next) response.writeHead(302, { location: next }).end();
    else response.end("ok");
  });
  const everywhereHere = new Agent({
    connect: { lookup: (_name, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]) },
  });
  const io = ioFor(side.url);
  const client = new SourceClient(io, { endpoint: side.url, token: "hf_secret" }, everywhereHere);
  await get(client, side);
  expect(side.headers.map((one) => [one.host?.split(":")[0], one.authorization])).toEqual([
    ["127.0.0.1", "Bearer hf_secret"],
    ["cdn.example", undefined],
    ["127.0.0.1", undefined],
  ]);
  await client.get(new URL(`http://cdn.example:${new URL(side.url).port}/direct`), { maxBytes: 10 });
  expect(side.headers.at(-1)?.authorization).toBeUndefined();
  await everywhereHere.close();
});

describe("bodies", () => {
  test("a body longer than allowed is cut off, by header or in fact", async () => {
    const lying = await farSide((_, response) => {
      response.writeHead(200, { "content-length": String(2 ** 40) }).write("x");
    });
    expect(await codeOf(get(clientFor(lying), lying))).toBe("too-large");
    const endless = await farSide((_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(500)), 2);
      response.on("close", () => clearInterval(timer));
    });
    expect(await codeOf(get(clientFor(endless), endless))).toBe("too-large");
  });

  test("a compressed answer that was not asked for is refused unopened", async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const side = await farSide((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb.subarray(0, 900));
    });
    expect(await codeOf(get(clientFor(side), side))).toBe("source-unreachable");
    expect(side.requests).toHaveLength(1);
  });

  test("a body that drips is cut off in time", async () => {
    const side = await farSide((_, response) => {
      const timer = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(timer));
    });
    const client = clientFor(side, {}, { requestMs: 150, maxRetries: 1 });
    expect(await codeOf(get(client, side))).toBe("source-unreachable");
    expect(side.requests).toHaveLength(2);
  });

  test("a body that breaks off is asked for again", async () => {
    const side = await farSide((_, response, count) => {
      if (count > 1) return void response.end("whole");
      response.writeHead(200, { "content-length": "5" });
      response.write("wh", () => response.destroy());
    });
    const answer = await get(clientFor(side), side);
    expect(Buffer.from(answer.body).toString()).toBe("whole");
  });

  test("bytes are counted and bounded over one release", async () => {
    const side = await farSide((_, response) => void response.end("12345"));
    let seen = 0;
    const client = clientFor(side, { onBytes: (count) => (seen += count) }, { maxTotalBytes: 12 });
    await get(client, side);
    await get(client, side);
    expect(seen).toBe(10);
    expect(await codeOf(get(client, side))).toBe("too-large");
    const fewer = clientFor(side, {}, { maxRequests: 1 });
    await get(fewer, side);
    expect(await codeOf(get(fewer, side))).toBe("too-large");
  });
});

describe("ranges", () => {
  const content = Buffer.from("0123456789");

  test("206 gives exactly the range and the size of the file", async () => {
    const side = await farSide((request, response) => {
      expect(request.headers.range).toBe("bytes=2-4");
      response.writeHead(206, { "content-range": "bytes 2-4/10" }).end("234");
    });
    const answer = await getRange(clientFor(side), side, 2, 5);
    expect(Buffer.from(answer.body).toString()).toBe("234");
    expect(answer.total).toBe(10);
  });

  test("a server that ignores the range is read up to it", async () => {
    const side = await farSide((_, response) => void response.end(content));
    const answer = await getRange(clientFor(side), side, 3, 6);
    expect(Buffer.from(answer.body).toString()).toBe("345");
  });

  test.each([
    ["another range", { "content-range": "bytes 0-2/10" }, "012"],
    ["no Content-Range", {}, "234"],
    ["fewer bytes", { "content-range": "bytes 2-4/10" }, "23"],
  ])("206 with %s is no answer", async (_, headers, body) => {
    const side = await farSide((_request, response) => void response.writeHead(206, headers).end(body));
    const client = clientFor(side, {}, { maxRetries: 1 });
    expect(await codeOf(getRange(client, side, 2, 5))).toBe("source-unreachable");
    expect(side.requests).toHaveLength(2);
  });

  test("206 with more bytes than the range is cut off", async () => {
    const side = await farSide((_, response) => {
      response.writeHead(206, { "content-range": "bytes 2-4/10" }).end(Buffer.alloc(5000));
    });
    expect(await codeOf(getRange(clientFor(side), side, 2, 5))).toBe("too-large");
  });
});

describe("patience", () => {
  test("Retry-After is honoured", async () => {
    const times: number[] = [];
    const side = await farSide((_, response, count) => {
      times.push(Date.now());
      if (count === 1) response.writeHead(429, { "retry-after": "1" }).end();
      else response.end("ok");
    });
    expect((await get(clientFor(side), side)).status).toBe(200);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950);
  });

  test("a wait that is too long is told at once", async () => {
    const side = await farSide((_, response) => {
      response.writeHead(429, { ratelimit: '"api";r=0;t=290' }).end();
    });
    expect(await codeOf(get(clientFor(side), side))).toBe("rate-limited");
    expect(side.requests).toHaveLength(1);
  });

  test("GitHub's exhausted 403 is a limit, another 403 is an answer", async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 600);
    const limited = await farSide((_, response) => {
      response.writeHead(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }).end();
    });
    expect(await codeOf(get(clientFor(limited), limited))).toBe("rate-limited");
    const closed = await farSide((_, response) => void response.writeHead(403).end("no"));
    expect((await get(clientFor(closed), closed)).status).toBe(403);
  });

  test("5xx is tried again, then told", async () => {
    const side = await farSide((_, response, count) => {
      response.writeHead(count < 3 ? 503 : 200).end("ok");
    });
    expect((await get(clientFor(side), side)).status).toBe(200);
    const dead = await farSide((_, response) => void response.writeHead(502).end());
    expect(await codeOf(get(clientFor(dead, {}, { maxRetries: 2 }), dead))).toBe("source-unreachable");
    expect(dead.requests).toHaveLength(3);
  });

  test("every request asks the budget, and the budget hears every answer", async () => {
    const side = await farSide((request, response) => {
      if (request.url === "/file") response.writeHead(302, { location: "/2" }).end();
      else response.writeHead(200, { ratelimit: '"api";r=9;t=1' }).end("ok");
    });
    const asked: string[] = [];
    const heard: unknown[] = [];
    const budget = {
      acquire: async (host: string) => void asked.push(host),
      observed: (_host: string, facts: unknown) => void heard.push(facts),
    };
    await get(clientFor(side, { budget }), side);
    const host = new URL(side.url).host;
    expect(asked).toEqual([host, host]);
    expect(heard).toEqual([{}, { remaining: 9, reset: 1 }]);
  });
});

test("cancelling stops a request under way, a retry's pause, and a wait for the budget", async () => {
  const hanging = await farSide(() => {});
  const refusing = await farSide((_, response) => void response.writeHead(503, { "retry-after": "2" }).end());
  const budget = createLocalBudget();
  budget.observed(new URL(hanging.url).host, { retryAfter: 5 });
  const soon = () => AbortSignal.timeout(50);
  expect(await codeOf(get(clientFor(hanging, { signal: soon() }), hanging))).toBe("cancelled");
  expect(await codeOf(get(clientFor(refusing, { signal: soon() }), refusing))).toBe("cancelled");
  expect(await codeOf(get(clientFor(hanging, { signal: soon(), budget }), hanging))).toBe("cancelled");
  expect(await codeOf(get(clientFor(hanging, { signal: AbortSignal.abort() }), hanging))).toBe("cancelled");
  expect(hanging.requests).toHaveLength(1);
});

test("ranges of content ask a budget of their own, whose refusal names the host alone", async () => {
  const side = await farSide((_, response) => void response.writeHead(429, { "retry-after": "900" }).end());
  const budget = createLocalBudget(1);
  const client = clientFor(side, { budget });
  const content = () => client.get(new URL(side.url), { maxBytes: 10, content: true });
  expect(await codeOf(content())).toBe("rate-limited");
  await expect(content()).rejects.toMatchObject({ detail: { host: new URL(side.url).host, seconds: 900 } });
  // The second one was not sent; the host's other budget is not touched by it.
  expect(side.requests).toHaveLength(1);
  expect(await codeOf(get(client, side))).toBe("rate-limited");
  expect(side.requests).toHaveLength(2);
});
