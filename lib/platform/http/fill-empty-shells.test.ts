import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fillEmptyShells } from "./fill-empty-shells";

const said = (language: string) => ({ notFound: `none ${language}`, notFoundText: "text", home: "home" });
const shell = '<!DOCTYPE html><html id="__next_error__"><head></head><body><script>1</script></body></html>';

/** Answers as Next does: whole, in pieces, compressed, with and without a length. */
const server = createServer((request, response) => {
  const status = request.url?.includes("found") ? 200 : 404;
  response.statusCode = status;
  response.setHeader(
    "content-type",
    request.url?.includes("json") ? "application/json" : "text/html; charset=utf-8",
  );
  if (request.url?.includes("gzip")) {
    response.setHeader("content-encoding", "gzip");
    response.writeHead(status);
    const body = gzipSync(shell);
    response.write(body.subarray(0, 10));
    response.end(body.subarray(10));
  } else if (request.url?.includes("pieces")) {
    response.write(shell.slice(0, 30));
    response.write(shell.slice(30));
    response.end();
  } else {
    response.setHeader("content-length", shell.length);
    response.end(shell);
  }
});
let origin = "";

beforeAll(async () => {
  fillEmptyShells({ en: said("en"), zh: said("zh") });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test.each(["/zh/cases/none", "/zh/pieces", "/zh/gzip"])(
  "%s says it in the language of the address",
  async (path) => {
    const answer = await fetch(origin + path);
    expect(answer.status).toBe(404);
    const html = await answer.text();
    expect(html).toContain('lang="zh-Hans"');
    expect(html).toContain("none zh");
    expect(html).not.toContain("none en");
    expect(html.endsWith("<script>1</script></body></html>")).toBe(true);
  },
);

test("an address of no language is answered in all of them", async () => {
  const html = await (await fetch(`${origin}/elsewhere`)).text();
  expect(html).toContain("none en");
  expect(html).toContain("none zh");
});

test.each(["/en/found", "/en/found?gzip", "/json"])("%s stays as it is", async (path) => {
  const answer = await fetch(origin + path);
  expect(await answer.text()).toBe(shell);
});
