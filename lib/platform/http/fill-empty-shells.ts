import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";

/** Sentences for an address that no page has, by language. */
export type NotFoundWords = Readonly<
  Record<string, { readonly notFound: string; readonly notFoundText: string; readonly home: string }>
>;

const done = Symbol.for("slipmark.fill-empty-shells");
const shell = '<html id="__next_error__">';

/**
 * Next answers `notFound()` of a page with an empty document that only scripts fill. Readers without scripts get the
 * words in it as well, in the language of the address. Status, caching and what scripts draw stay as they are.
 */
export function fillEmptyShells(words: NotFoundWords): void {
  const prototype = Server.prototype as typeof Server.prototype & { [done]?: true };
  if (prototype[done]) return;
  prototype[done] = true;
  const emit = prototype.emit;
  prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
    if (event === "request") fill(args[0] as IncomingMessage, args[1] as ServerResponse, words);
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  } as typeof emit;
}

function fill(request: IncomingMessage, response: ServerResponse, words: NotFoundWords): void {
  const { writeHead, write, end } = response;
  const kept: Buffer[] = [];
  let keeping = false;
  const keep = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === "string") kept.push(Buffer.from(chunk, encodingOf(encoding)));
    else if (chunk instanceof Uint8Array) kept.push(Buffer.from(chunk));
  };
  response.writeHead = function (this: ServerResponse, status: number, ...rest: unknown[]) {
    const html = String(response.getHeader("content-type") ?? "").startsWith("text/html");
    keeping = status === 404 && html && request.method === "GET";
    // The length changes; the tag would be that of the empty document.
    if (keeping) for (const name of ["content-length", "etag"]) response.removeHeader(name);
    return Reflect.apply(writeHead, this, [status, ...rest]) as ServerResponse;
  } as typeof writeHead;
  response.write = function (this: ServerResponse, ...args: unknown[]) {
    if (!this.headersSent) this.writeHead(this.statusCode);
    if (!keeping) return Reflect.apply(write, this, args) as boolean;
    keep(args[0], args[1]);
    const after = args.at(-1);
    if (typeof after === "function") queueMicrotask(() => after());
    return true;
  } as typeof write;
  response.end = function (this: ServerResponse, ...args: unknown[]) {
    if (!this.headersSent && this.statusCode === 404) this.writeHead(404);
    if (!keeping) return Reflect.apply(end, this, args) as ServerResponse;
    keep(args[0], args[1]);
    const after = args.filter((one) => typeof one === "function");
    const body = filled(
      Buffer.concat(kept),
      response.getHeader("content-encoding"),
      request.url ?? "/",
      words,
    );
    return Reflect.apply(end, this, [body, ...after]) as ServerResponse;
  } as typeof end;
}

const encodingOf = (encoding: unknown): BufferEncoding =>
  typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8";

function filled(body: Buffer, encoding: unknown, url: string, words: NotFoundWords): Buffer {
  if (encoding !== undefined && encoding !== "gzip") return body;
  const html = (encoding === "gzip" ? gunzipSync(body) : body).toString("utf8");
  if (!html.includes(shell)) return body;
  const result = Buffer.from(withWords(html, url, words));
  return encoding === "gzip" ? gzipSync(result) : result;
}

/** The empty document with language, style and sentences. */
function withWords(html: string, url: string, words: NotFoundWords): string {
  const locale = /^\/([a-z]{2})(?=\/|\?|$)/.exec(url)?.[1] ?? "";
  const said = words[locale] ? [locale] : Object.keys(words);
  const tag = (one: string) => (one === "zh" ? "zh-Hans" : one);
  const style = /\/_next\/static\/[\w./~-]+\.css/.exec(html)?.[0];
  const sections = said.map((one) => {
    const { notFound, notFoundText, home } = words[one] as NotFoundWords[string];
    return `<section lang="${tag(one)}"><h1>${notFound}</h1><p>${notFoundText}</p><p><a href="/${one}">${home}</a></p></section>`;
  });
  return html
    .replace(shell, `<html id="__next_error__" lang="${tag(said[0] ?? "en")}">`)
    .replace(
      "</head>",
      style ? `<noscript><link rel="stylesheet" href="${style}"/></noscript></head>` : "</head>",
    )
    .replace(
      "<body>",
      `<body><noscript><main><div class="frame">${sections.join("")}</div></main></noscript>`,
    );
}
