import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { codeOf, type FarSide, ioFor, startFarSide } from "../../../../../tests/support/far-side";
import { SourceClient } from "../../net/source-client";
import { gitBlobId } from "../content-check";
import { repositoryFacts } from "../repository-facts";
import type { SourceSpec } from "../spec";
import { createHubBytes } from "./hub-bytes";
import { openHubRelease } from "./open-hub-release";

const commit = "a".repeat(40);
const config = Buffer.from('{"a":1}\n');
const weights = Buffer.from("0123456789abcdef");
const spec: SourceSpec = { kind: "hf", repository: "org/name", revision: null };

const tree = [
  { type: "directory", path: "sub", oid: "c".repeat(40), size: 0 },
  {
    type: "file",
    path: "sub/weights.bin",
    oid: "b".repeat(40),
    size: 130,
    lfs: { oid: sha256(weights), size: weights.length, pointerSize: 130 },
  },
  { type: "file", path: "config.json", oid: gitBlobId(config), size: config.length },
];

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean | undefined;

let side: FarSide;
let special: Answer;
let linkSeconds = 600;

beforeEach(async () => {
  special = () => false;
  linkSeconds = 600;
  side = await startFarSide((request, response) => {
    const url = new URL(request.url ?? "", "http://hub");
    if (special(request, response, url)) return;
    if (url.pathname.startsWith("/api/models/org/name/revision/")) {
      const facts = { _id: "1", id: "org/name", sha: commit, likes: 3, downloads: 7, private: false };
      return json(response, {
        ...facts,
        cardData: { license: "mit" },
        lastModified: "2024-05-28T19:34:00.000Z",
      });
    }
    if (url.pathname === `/api/models/org/name/tree/${commit}`) {
      const second = url.searchParams.get("cursor") === "2";
      if (!second)
        response.setHeader("link", `<${side.url}${url.pathname}?recursive=true&cursor=2>; rel="next"`);
      return json(response, second ? tree.slice(2) : tree.slice(0, 2));
    }
    if (url.pathname === `/org/name/resolve/${commit}/config.json`) return void response.end(config);
    if (url.pathname === `/org/name/resolve/${commit}/sub/weights.bin`) {
      const expires = Math.floor(Date.now() / 1000) + linkSeconds;
      return void response.writeHead(302, { location: `/cdn/weights?Expires=${expires}` }).end();
    }
    if (url.pathname === "/cdn/weights") return sendRange(request, response, weights);
    response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
  });
});
afterEach(() => side.close());

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

function sendRange(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (!range) return void response.end(bytes);
  const [from, to] = [Number(range[1]), Number(range[2])];
  response.writeHead(206, { "content-range": `bytes ${from}-${to}/${bytes.length}` });
  response.end(bytes.subarray(from, to + 1));
}

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

test("pins the revision and lists every page, LFS files with the size and hash of their content", async () => {
  const { release } = await openHubRelease({ ...spec, revision: "refs/pr/1" }, ioFor(side.url));
  expect(release).toEqual({
    kind: "hf",
    repository: "org/name",
    commit,
    files: [
      { path: "config.json", size: 8, gitOid: gitBlobId(config), lfsSha256: null },
      { path: "sub/weights.bin", size: 16, gitOid: "b".repeat(40), lfsSha256: sha256(weights) },
    ],
  });
  expect(side.requests[0]).toMatch(/^\/api\/models\/org\/name\/revision\/refs%2Fpr%2F1\?/);
});

test("resolves a file once and reuses the redirected address, also for reads at the same time", async () => {
  const reader = await openHubRelease(spec, ioFor(side.url));
  const parts = await Promise.all(
    [0, 4, 8, 12].map((start) => reader.read("sub/weights.bin", start, start + 4)),
  );
  expect(parts.map(text)).toEqual(["0123", "4567", "89ab", "cdef"]);
  expect(side.requests.filter((one) => one.includes("/resolve/"))).toHaveLength(1);
  expect(side.requests.filter((one) => one.startsWith("/cdn/"))).toHaveLength(1);
  // Not in one turn of the event loop: a request each, none of them through the Hub.
  for (const start of [1, 5]) await reader.read("sub/weights.bin", start, start + 2);
  expect(side.requests.filter((one) => one.includes("/resolve/"))).toHaveLength(1);
  expect(side.requests.filter((one) => one.startsWith("/cdn/"))).toHaveLength(3);
});

test("many reads that an expired address refuses at once resolve the file once more", async () => {
  let resolved = 0;
  let expired = "";
  special = (_, response, url) => {
    if (url.pathname.includes("/resolve/")) {
      resolved += 1;
      response.writeHead(302, { location: `/cdn/weights?Signature=${resolved}` }).end();
      return true;
    }
    if (url.pathname !== "/cdn/weights" || url.searchParams.get("Signature") !== expired) return false;
    response.writeHead(403).end("Request has expired");
    return true;
  };
  const io = ioFor(side.url);
  const file = { path: "sub/weights.bin", size: 16, gitOid: null, lfsSha256: sha256(weights) };
  const fetchBytes = createHubBytes(new SourceClient(io, io.hf), side.url, "org/name", commit);
  const read = (start: number) => fetchBytes(file, { start, end: start + 1 }, 1);
  expect(text(await read(0))).toBe("0");
  expired = "1";
  expect((await Promise.all([2, 4, 6, 8].map(read))).map(text)).toEqual(["2", "4", "6", "8"]);
  expect(resolved).toBe(2);
});

test.each([
  ["another size", { "content-range": "bytes 4-5/17" }],
  ["another strong ETag", { "content-range": "bytes 4-5/16", etag: '"new"' }],
])("a file that changes between two reads to %s is refused", async (_, headers) => {
  let seen = 0;
  special = (_, response, url) => {
    if (url.pathname !== "/cdn/weights") return false;
    seen += 1;
    const first = { "content-range": "bytes 0-1/16", etag: '"old"' };
    response.writeHead(206, seen === 1 ? first : headers).end("01");
    return true;
  };
  const reader = await openHubRelease(spec, ioFor(side.url));
  expect(text(await reader.read("sub/weights.bin", 0, 2))).toBe("01");
  expect(await codeOf(reader.read("sub/weights.bin", 4, 6))).toBe("source-changed");
});

test.each([
  ["hash", { "x-linked-etag": `"${"e".repeat(64)}"` }],
  ["size", { "x-linked-size": "17" }],
])("a Hub that names another %s than it listed is refused", async (_, named) => {
  special = (_, response, url) => {
    if (!url.pathname.includes("/resolve/")) return false;
    response.writeHead(302, { location: "/cdn/weights", ...named }).end();
    return true;
  };
  const reader = await openHubRelease(spec, ioFor(side.url));
  expect(await codeOf(reader.read("sub/weights.bin", 0, 2))).toBe("source-changed");
});

test("resolves again when the address has run out, by its own word or by refusal", async () => {
  linkSeconds = 1;
  const reader = await openHubRelease(spec, ioFor(side.url));
  await reader.read("sub/weights.bin", 0, 2);
  await reader.read("sub/weights.bin", 2, 4);
  expect(side.requests.filter((one) => one.includes("/resolve/"))).toHaveLength(2);

  linkSeconds = 600;
  await reader.read("sub/weights.bin", 4, 6);
  let refusals = 0;
  special = (_, response, url) => {
    if (url.pathname !== "/cdn/weights" || refusals > 0) return false;
    refusals += 1;
    response.writeHead(403).end("Request has expired");
    return true;
  };
  expect(text(await reader.read("sub/weights.bin", 6, 8))).toBe("67");
  expect(refusals).toBe(1);
});

test("whole files are checked against the listing", async () => {
  const reader = await openHubRelease(spec, ioFor(side.url));
  expect(text(await reader.readWhole("config.json", 100))).toBe('{"a":1}\n');
  expect(text(await reader.readWhole("sub/weights.bin", 100))).toBe("0123456789abcdef");
  expect(await codeOf(reader.readWhole("sub/weights.bin", 15))).toBe("too-large");
  special = (_, response, url) => {
    if (!/resolve|cdn/.test(url.pathname)) return false;
    response.end(url.pathname.includes("config") ? '{"a":2}\n' : "0123456789abcdeX");
    return true;
  };
  expect(await codeOf(reader.readWhole("config.json", 100))).toBe("source-changed");
  expect(await codeOf(reader.readWhole("sub/weights.bin", 100))).toBe("source-changed");
});

test("bytes of a listed file that is gone are null; closed ones are an error; unlisted ones too", async () => {
  const reader = await openHubRelease(spec, ioFor(side.url));
  let status = 404;
  special = (_, response, url) => {
    if (!url.pathname.includes("/resolve/")) return false;
    response.writeHead(status).end();
    return true;
  };
  expect(await reader.read("sub/weights.bin", 0, 4)).toBeNull();
  status = 410;
  expect(await reader.readWhole("config.json", 100)).toBeNull();
  status = 403;
  const closed = await openHubRelease(spec, ioFor(side.url));
  expect(await codeOf(closed.readWhole("config.json", 100))).toBe("private-or-gated");
  expect(await codeOf(reader.readWhole("other.json", 100))).toBe("bad-input");
  expect(await codeOf(reader.read("config.json", 0, 9))).toBe("malformed-file");
});

test.each([
  [401, undefined, "private-or-gated"],
  [401, "RepoNotFound", "unknown-repository"],
  [403, "GatedRepo", "private-or-gated"],
  [404, "RepoNotFound", "unknown-repository"],
  [404, "RevisionNotFound", "unknown-revision"],
  [404, undefined, "unknown-repository"],
  [500, undefined, "source-unreachable"],
  [418, undefined, "source-unreachable"],
])("status %i with %s is %s", async (status, code, expected) => {
  special = (_, response) => {
    response.writeHead(status, code === undefined ? {} : { "x-error-code": code }).end("{}");
    return true;
  };
  expect(await codeOf(openHubRelease(spec, ioFor(side.url, {}, { maxRetries: 1 })))).toBe(expected);
});

test.each([
  ["no JSON", "<html>"],
  ["no commit", '{"id":"org/name","lastModified":"x"}'],
  ["null", "null"],
  ["a short commit", '{"id":"org/name","sha":"abc"}'],
])("an answer with %s is an unreachable source", async (_, body) => {
  special = (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(body);
    return true;
  };
  expect(await codeOf(openHubRelease(spec, ioFor(side.url)))).toBe("source-unreachable");
});

test.each([
  ["climbing path", [{ type: "file", path: "../x", oid: "b".repeat(40), size: 1 }]],
  ["absolute path", [{ type: "file", path: "/x", oid: "b".repeat(40), size: 1 }]],
  ["negative size", [{ type: "file", path: "x", oid: "b".repeat(40), size: -1 }]],
  ["size past 2^53", [{ type: "file", path: "x", oid: "b".repeat(40), size: 2 ** 60 }]],
  ["bad oid", [{ type: "file", path: "x", oid: "zz", size: 1 }]],
  ["duplicate", [1, 2].map(() => ({ type: "file", path: "x", oid: "b".repeat(40), size: 1 }))],
])("a listing with a %s is refused", async (_, entries) => {
  special = (_request, response, url) => {
    if (!url.pathname.includes("/tree/")) return false;
    json(response, entries);
    return true;
  };
  expect(await codeOf(openHubRelease(spec, ioFor(side.url)))).toBe("malformed-file");
});

test("a listing without end is cut off", async () => {
  special = (_, response, url) => {
    if (!url.pathname.includes("/tree/")) return false;
    const page = Number(url.searchParams.get("cursor") ?? 0);
    response.setHeader("link", `<${side.url}${url.pathname}?cursor=${page + 1}>; rel="next"`);
    json(response, [{ type: "file", path: `f${page}`, oid: "b".repeat(40), size: 1 }]);
    return true;
  };
  expect(await codeOf(openHubRelease(spec, ioFor(side.url, {}, { maxFiles: 20 })))).toBe("too-large");
});

test("the cache serves a second reader without a request, and never bytes that were altered on disk", async () => {
  const cacheFolder = await mkdtemp(join(tmpdir(), "slipmark-cache-"));
  try {
    const io = ioFor(side.url, { cacheFolder });
    const first = await openHubRelease(spec, io);
    await first.read("sub/weights.bin", 3, 7);
    await first.readWhole("config.json", 100);
    const before = side.requests.length;
    const second = await openHubRelease(spec, io);
    expect(text(await second.read("sub/weights.bin", 3, 7))).toBe("3456");
    expect(text(await second.readWhole("config.json", 100))).toBe('{"a":1}\n');
    expect(side.requests.slice(before).every((one) => one.startsWith("/api/"))).toBe(true);
  } finally {
    await rm(cacheFolder, { recursive: true });
  }
});

test("a pass over everything goes around the cache, and ends where the bytes are gone", async () => {
  const cacheFolder = await mkdtemp(join(tmpdir(), "slipmark-cache-"));
  try {
    const reader = await openHubRelease(spec, ioFor(side.url, { cacheFolder }));
    const [one, two] = [new Uint8Array(6), new Uint8Array(10)];
    const read = [reader.readInto?.("sub/weights.bin", 0, one), reader.readInto?.("sub/weights.bin", 6, two)];
    expect(await Promise.all(read)).toEqual([true, true]);
    expect(text(one) + String(text(two))).toBe("0123456789abcdef");
    expect(side.requests.filter((request) => request.startsWith("/cdn/"))).toHaveLength(1);
    expect(await readdir(cacheFolder)).toEqual([]);
    special = (_, response, url) => {
      if (!/cdn|resolve/.test(url.pathname)) return false;
      response.writeHead(404).end();
      return true;
    };
    expect(await reader.readInto?.("sub/weights.bin", 1, one)).toBe(false);
  } finally {
    await rm(cacheFolder, { recursive: true });
  }
});

test("tells what the Hub says about the repository", async () => {
  expect(await repositoryFacts(spec, ioFor(side.url))).toEqual({
    likes: 3,
    downloads: 7,
    licence: "mit",
    lastModified: "2024-05-28T19:34:00.000Z",
  });
});

test.each([
  ["private", { private: true }],
  ["gated", { gated: "manual" }],
])("a %s repository is refused where only public ones may be read, token or not", async (_, access) => {
  special = (_request, response, url) => {
    if (!url.pathname.startsWith("/api/models/org/name/revision/")) return false;
    json(response, { _id: "1", id: "org/name", sha: commit, likes: 0, downloads: 0, ...access });
    return true;
  };
  const io = ioFor(side.url, { hf: { endpoint: side.url, token: "hf_read" } });
  expect(await codeOf(openHubRelease(spec, { ...io, publicOnly: true }))).toBe("private-or-gated");
  expect((await openHubRelease(spec, io)).release.commit).toBe(commit);
});
