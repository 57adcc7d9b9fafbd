import { EngineError } from "../errors";
import type { FetchPublic } from "../log/monitor";
import { hashLogsByOpenssl } from "./fast-log";
import { SourceClient } from "./net/source-client";
import type { SourceIo } from "./source/source-io";

/**
 * Reads a site's public log, blobs and entries at `address`: its home page, or the folder of its log. The address was
 * given by whoever asks, so it may be on this machine; where it redirects to may not. Throws EngineError.
 */
export function publicLog(address: string, io: SourceIo): FetchPublic {
  const base = siteOf(address);
  const client = new SourceClient(io, { endpoint: base, token: null });
  hashLogsByOpenssl();
  return async (path, most) => {
    const { status, body } = await client.get(new URL(base + path), { maxBytes: most });
    if (status === 200 || status === 404 || status === 410) return { status, body };
    const { host } = client.base;
    throw new EngineError("source-unreachable", `${host}: answered ${status} for ${path}`, { host });
  };
}

/** "https://ledger.example/zh/log/" → "https://ledger.example". */
function siteOf(address: string): string {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw new EngineError("bad-input", `${address} is not an http or https address`);
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, "").replace(/(\/(en|zh))?(\/log)?$/, "");
  return url.origin + path;
}
