import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isConsistent } from "./consistency";

/** What it does instead of its duty, until told otherwise: a function answers by itself. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestWitness {
  readonly name: string;
  readonly vkey: string;
  /** Submission and monitoring prefix. */
  readonly url: string;
  /** Requests to add-checkpoint so far, with the status of each answer. */
  readonly statuses: readonly number[];
  /** Trusts a log: its origin and verifier keys (type 1). Without it the log is unknown. */
  trust(origin: string, vkeys: readonly string[]): void;
  /** What it cosigned last. */
  latest(origin: string): { readonly size: bigint; readonly note: string } | null;
  /** Null: back to duty. */
  misbehave(how: Misbehaviour | null): void;
  /** A cosignature of its key over a note's text, at any time (seconds). */
  cosign(text: string, time: number): string;
  /** Shifts the time it signs, in seconds. */
  clockShift: number;
  close(): Promise<void>;
}

interface Known {
  size: bigint;
  root: Buffer;
  note: string;
}

const sha256 = (...parts: (Buffer | string)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * A witness as C2SP tlog-witness demands, on loopback: signature, origin, size, consistency, one checkpoint of a log at
 * a time. Made of node:crypto and nothing of lib/engine/log, so that both cannot be wrong in the same way.
 */
export async function startWitness(name = "witness.example/w1"): Promise<TestWitness> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = (publicKey.export({ format: "der", type: "spki" }) as Buffer).subarray(-32);
  const id = sha256(`${name}\n`, Buffer.of(4), raw).subarray(0, 4);
  const vkey = `${name}+${id.toString("hex")}+${Buffer.concat([Buffer.of(4), raw]).toString("base64")}`;
  const trusted = new Map<string, readonly string[]>();
  const known = new Map<string, Known>();
  const statuses: number[] = [];
  let misbehaviour: Misbehaviour | null = null;

  const cosign = (text: string, time: number) => {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(BigInt(time));
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey);
    return `— ${name} ${Buffer.concat([id, stamp, signature]).toString("base64")}`;
  };

  const add = (body: string): { status: number; body: string; type?: string } => {
    const split = body.indexOf("\n\n");
    const [first = "", ...proofLines] = body.slice(0, split).split("\n");
    const note = body.slice(split + 2);
    const old = /^old (0|[1-9]\d*)$/.exec(first)?.[1];
    const end = note.lastIndexOf("\n\n");
    if (split < 0 || end < 0 || old === undefined || proofLines.length > 63)
      return { status: 400, body: "malformed\n" };
    const text = note.slice(0, end + 1);
    const [origin = "", size = "", root = ""] = text.split("\n");
    if (!/^(0|[1-9]\d*)$/.test(size)) return { status: 400, body: "malformed\n" };
    const keys = trusted.get(origin);
    if (keys === undefined) return { status: 404, body: "unknown log\n" };
    const lines = note.slice(end + 2, -1).split("\n");
    const answers = lines.map((line) => signedBy(keys, origin, line, text));
    if (answers.includes("false") || !answers.includes("true")) return { status: 403, body: "signature\n" };
    const before = known.get(origin) ?? { size: 0n, root: sha256(), note: "" };
    if (BigInt(old) > BigInt(size)) return { status: 400, body: "old size\n" };
    if (BigInt(old) !== before.size)
      return { status: 409, body: `${before.size}\n`, type: "text/x.tlog.size" };
    const proof = proofLines.map((line) => Buffer.from(line, "base64"));
    const rootHash = Buffer.from(root, "base64");
    if (!isConsistent(before.size, before.root, BigInt(size), rootHash, proof))
      return { status: 422, body: "consistency\n" };
    const line = cosign(text, Math.floor(Date.now() / 1000) + witness.clockShift);
    known.set(origin, { size: BigInt(size), root: rootHash, note: `${note}${line}\n` });
    return { status: 200, body: `${line}\n` };
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (misbehaviour !== null) {
        statuses.push(0);
        misbehaviour(request, response);
        return;
      }
      if (request.method === "POST" && request.url === "/add-checkpoint") {
        const answer = add(Buffer.concat(chunks).toString("utf8"));
        statuses.push(answer.status);
        response.writeHead(answer.status, { "content-type": answer.type ?? "text/plain" }).end(answer.body);
        return;
      }
      const found = [...known].find(
        ([origin]) => request.url === `/${sha256(origin).toString("hex")}/checkpoint`,
      );
      response.writeHead(found === undefined ? 404 : 200).end(found?.[1].note ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const witness: TestWitness = {
    name,
    vkey,
    url: `http://127.0.0.1:${port}`,
    statuses,
    clockShift: 0,
    cosign,
    trust: (origin, vkeys) => void trusted.set(origin, vkeys),
    latest: (origin) => known.get(origin) ?? null,
    misbehave: (how) => {
      misbehaviour = how;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return witness;
}

function signedBy(
  vkeys: readonly string[],
  origin: string,
  line: string,
  text: string,
): "true" | "false" | "unknown" {
  const [, name, encoded = ""] = line.split(" ");
  const bytes = Buffer.from(encoded, "base64");
  for (const vkey of vkeys) {
    const [keyName, keyId, ...rest] = vkey.split("+");
    if (keyName !== name || name !== origin || bytes.subarray(0, 4).toString("hex") !== keyId) continue;
    const raw = Buffer.from(rest.join("+"), "base64").subarray(1);
    const key = createPublicKey({
      key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]),
      format: "der",
      type: "spki",
    });
    return verify(null, Buffer.from(text), key, bytes.subarray(4)) ? "true" : "false";
  }
  return "unknown";
}
