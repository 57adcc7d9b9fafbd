import { readFile, stat } from "node:fs/promises";
import { EngineError } from "../lib/engine/errors";
import { SourceClient } from "../lib/engine/io/net/source-client";
import type { SourceIo } from "../lib/engine/io/source/source-io";
import { resultDigest } from "../lib/engine/result/digest";
import { type InputRelease, type ResultDocument, resultDocumentSchema } from "../lib/engine/result/document";

const largestResult = 64 * 1024 * 1024;
const runPage = /^(.*?)(?:\/[a-z]{2})?\/runs\/(run_[A-Za-z0-9]+)\/?$/;

/**
 * A published result, from a file, the page of a run, or an address that answers with the document itself.
 * The user named the address, so it may be on this machine or network; where it redirects to may not.
 */
export async function loadResult(
  source: string,
  io: SourceIo,
): Promise<{ readonly document: ResultDocument; readonly ownDigest: string }> {
  const bytes = isAddress(source) ? await download(source, io) : await readLocal(source);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new EngineError("bad-input", `${source} is not JSON`, {});
  }
  const parsed = resultDocumentSchema.safeParse(value);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join(".") || "schema";
    throw new EngineError("bad-input", `${source} is not a slipmark.result/v1 document (${place})`, {});
  }
  const document = isAddress(source) ? withoutFolders(parsed.data) : parsed.data;
  return { document, ownDigest: resultDigest(document) };
}

const isAddress = (source: string): boolean => /^https?:\/\//i.test(source);

/** Where a folder lay is for the machine that made the result: a document from elsewhere does not choose what is read here. */
function withoutFolders(document: ResultDocument): ResultDocument {
  const place = ({ folder: _, ...input }: InputRelease): InputRelease => input;
  const { original, suspect, ancestors, controls } = document.inputs;
  return {
    ...document,
    inputs: {
      original: place(original),
      suspect: place(suspect),
      ancestors: ancestors.map(place),
      controls: controls.map(place),
    },
  };
}

/** …/runs/run_x and …/zh/runs/run_x are pages for people; the same result lies in the API. */
export function resultAddress(text: string): URL {
  if (!URL.canParse(text)) throw new EngineError("bad-input", `${text} is not an address`, {});
  const url = new URL(text);
  url.hash = "";
  const page = url.pathname.includes("/api/") ? null : runPage.exec(url.pathname);
  if (page) {
    url.pathname = `${page[1]}/api/v1/runs/${page[2]}/result`;
    url.search = "";
  }
  return url;
}

async function download(text: string, io: SourceIo): Promise<Buffer> {
  const url = resultAddress(text);
  const client = new SourceClient(io, { endpoint: url.origin, token: null });
  const answer = await client.get(url, { maxBytes: largestResult, headers: { accept: "application/json" } });
  if (answer.status !== 200) {
    throw new EngineError("bad-input", `${url.href} answered ${answer.status}: no result there`, {});
  }
  return Buffer.from(answer.body);
}

async function readLocal(path: string): Promise<Buffer> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new EngineError("bad-input", `There is no file ${path}`, {});
  if (facts.size > largestResult) throw new EngineError("too-large", `${path} is too large for a result`, {});
  return readFile(path);
}
