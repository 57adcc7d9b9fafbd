import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ClientBase } from "pg";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import type { PendingAct } from "@/lib/ledger/append-entry";
import { openKeys } from "@/lib/ledger/log/keys";
import type { SequencerOptions } from "@/lib/ledger/log/run-sequencer";
import { payloadDigest } from "@/lib/ledger/payload";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { folderFiles } from "@/lib/platform/blobs/named-files";
import { commitFacts } from "@/tests/support/commit-facts";

export const origin = "localhost/bench-log";

export function benchOptions(databaseUrl: string, folder: string): SequencerOptions {
  return {
    databaseUrl,
    origin,
    keys: openKeys({ folder: join(folder, "keys") }),
    guardFile: join(folder, "guard.json"),
    blobs: folderBlobs(join(folder, "blobs")),
    files: folderFiles(join(folder, "blobs")),
    batch: 1024,
    intervalMs: 200,
    onAct: () => () => undefined,
  };
}

let number = 0;

/** An act of ordinary size: a registration's commitment with the public name in a payload. */
export function act(): PendingAct {
  number += 1;
  const model = `mdl_${String(number).padStart(20, "0")}`;
  const salt = new Uint8Array(randomBytes(32));
  const bytes = Buffer.from("竹里 Bamboo");
  const digest = payloadDigest(salt, bytes);
  const statement = canonicalJson({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
    predicateType: "urn:slipmark:statement:commit:v1",
    predicate: {
      salt: randomBytes(32).toString("hex"),
      actor: { role: "registrant", name: digest },
      model,
      ...commitFacts,
    },
  });
  return {
    dedupKey: `commit:${model}:${process.pid}`,
    kind: "commit",
    statement,
    statementSha256: "00".repeat(32),
    about: `model:${model}`,
    t: new Date(),
    payloads: [digest],
    payload: { digest, salt, bytes },
  };
}

/** A backlog, written in bulk. */
export async function fillPending(client: ClientBase, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1000) {
    const acts = Array.from({ length: Math.min(left, 1000) }, act);
    await client.query(
      `INSERT INTO log_pending (dedup_key, kind, statement, statement_sha256, about, t, payloads)
       SELECT key, 'commit', statement, '', about, now(), ARRAY[payload]
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS given (key, statement, about, payload)`,
      [
        acts.map(({ dedupKey }) => dedupKey),
        acts.map(({ statement }) => statement),
        acts.map(({ about }) => about),
        acts.map(({ payloads }) => payloads[0]),
      ],
    );
    await client.query(
      `INSERT INTO log_payload (digest, salt, bytes) SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[])`,
      [
        acts.map(({ payload }) => payload?.digest),
        acts.map(({ payload }) => Buffer.from(payload?.salt ?? [])),
        acts.map(({ payload }) => Buffer.from(payload?.bytes ?? [])),
      ],
    );
  }
}

export const quantile = (list: readonly number[], part: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))] ?? Number.NaN;
