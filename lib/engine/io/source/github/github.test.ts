import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { codeOf, type FarSide, ioFor, startFarSide } from "../../../../../tests/support/far-side";
import { gitBlobId } from "../content-check";
import { openRelease } from "../open-release";
import { repositoryFacts } from "../repository-facts";
import type { SourceSpec } from "../spec";

const commit = "a".repeat(40);
const treeSha = "f".repeat(40);
const readme = Buffer.from("# Read me\n");
const spec: SourceSpec = { kind: "github", repository: "org/name", revision: "v1/x" };

let side: FarSide;
let truncated: boolean;
let blobStatus: number;
let commitStatus: number;
beforeEach(async () => {
  truncated = false;
  blobStatus = 200;
  commitStatus = 200;
  side = await startFarSide((request, response) => {
    const url = request.url ?? "";
    if (url === "/api/v3/repos/org/name/commits/v1%2Fx") {
      return json(response, { sha: commit, commit: { tree: { sha: treeSha } } }, commitStatus);
    }
    if (url === `/api/v3/repos/org/name/git/trees/${treeSha}?recursive=1`) {
      const tree = [
        { path: "docs", type: "tree", sha: "1".repeat(40) },
        { path: "vendor", type: "commit", sha: "2".repeat(40) },
        { path: "docs/README.md", type: "blob", sha: gitBlobId(readme), size: readme.length },
      ];
      return json(response, { sha: treeSha, tree, truncated });
    }
    if (url === `/api/v3/repos/org/name/git/blobs/${gitBlobId(readme)}`) {
      expect(request.headers.accept).toBe("application/vnd.github.raw+json");
      return void response.writeHead(blobStatus).end(readme);
    }
    if (url === "/api/v3/repos/org/name") {
      const licence = { spdx_id: "Apache-2.0" };
      return json(response, { stargazers_count: 5, license: licence, pushed_at: "2024-01-02T03:04:05Z" });
    }
    response.writeHead(404).end("{}");
  });
});
afterEach(() => side.close());

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

const io = () => ioFor(side.url, { github: { endpoint: `${side.url}/api/v3`, token: "ghp_secret" } });

test("pins the commit, lists its tree and cuts ranges from verified blobs", async () => {
  const reader = await openRelease(spec, io());
  expect(reader.release).toEqual({
    kind: "github",
    repository: "org/name",
    commit,
    files: [{ path: "docs/README.md", size: readme.length, gitOid: gitBlobId(readme), lfsSha256: null }],
  });
  expect(Buffer.from((await reader.read("docs/README.md", 2, 6)) ?? []).toString()).toBe("Read");
  expect(Buffer.from((await reader.read("docs/README.md", 7, 9)) ?? []).toString()).toBe("me");
  expect(side.requests.filter((one) => one.includes("/blobs/"))).toHaveLength(1);
  expect(new Set(side.headers.map((one) => one.authorization))).toEqual(new Set(["Bearer ghp_secret"]));
});

test("a tree that GitHub cuts short is refused rather than half read", async () => {
  truncated = true;
  expect(await codeOf(openRelease(spec, io()))).toBe("too-large");
});

test("bytes that are gone are null", async () => {
  const reader = await openRelease(spec, io());
  blobStatus = 404;
  expect(await reader.readWhole("docs/README.md", 100)).toBeNull();
});

test.each([
  [404, "unknown-repository"],
  [422, "unknown-revision"],
  [409, "unknown-revision"],
  [401, "private-or-gated"],
  [403, "private-or-gated"],
  [418, "source-unreachable"],
])("commit answer %i is %s", async (status, expected) => {
  commitStatus = status;
  expect(await codeOf(openRelease(spec, io()))).toBe(expected);
});

test("tells what GitHub says about the repository", async () => {
  expect(await repositoryFacts(spec, io())).toEqual({
    likes: 5,
    downloads: null,
    licence: "Apache-2.0",
    lastModified: "2024-01-02T03:04:05.000Z",
  });
});
