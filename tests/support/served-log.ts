import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { getEntries, getEntry } from "@/app/api/v1/_endpoints/entries";
import { entryBundle, serveLog } from "@/lib/ledger/server";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Database } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { asking } from "../integration/http/support";

export interface Answer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

const nothing: Answer = { status: 404, body: new Uint8Array(0) };

/** What the site's own routes answer about its log, without the site around them. */
export function servedLog(
  db: Database,
  files: NamedFiles,
  witnessKeys: readonly string[] = [],
): (path: string) => Promise<Answer> {
  const ask = asking({ ctx: { db } } as never);
  return async (path) => {
    const { pathname, searchParams } = new URL(path, "http://site.example");
    if (pathname.startsWith("/log/")) {
      try {
        const { body } = await serveLog({ db, files }, pathname.slice(5), searchParams);
        return { status: 200, body: Uint8Array.from(typeof body === "string" ? Buffer.from(body) : body) };
      } catch (error) {
        if (error instanceof AppError) return nothing;
        throw error;
      }
    }
    const bundle = /^\/api\/v1\/entries\/(\d+)\/bundle\.zip$/.exec(pathname)?.[1];
    if (bundle !== undefined) {
      const made = await entryBundle({ db }, Number(bundle), { witnessKeys, timestampRoots: null });
      return made === null ? nothing : { status: 200, body: made.zip };
    }
    const blob = /^\/api\/v1\/blobs\/sha256\/([0-9a-f]{64})$/.exec(pathname)?.[1];
    const entry = /^\/api\/v1\/entries\/(\d+)$/.exec(pathname)?.[1];
    const answer =
      pathname === "/api/v1/entries"
        ? await ask(getEntries, { query: `?${searchParams}` })
        : blob === undefined
          ? await ask(getEntry, { params: { index: entry ?? "" } })
          : await ask(getBlob, { params: { hex: blob } });
    if (![200, 404, 410].includes(answer.status)) throw new Error(`${path} answered ${answer.status}`);
    return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
  };
}
