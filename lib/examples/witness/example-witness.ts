import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import {
  base64,
  ed25519PublicKey,
  ed25519Sign,
  emptyRoot,
  formatCosignature,
  formatVerifierKey,
  fromBase64,
  LogError,
  openCheckpoint,
  parseVerifierKey,
  signatureTypes,
  verifyConsistency,
} from "@/lib/engine/log";
import { writePrivately } from "../hub/control";

/** Its name says what it is worth: it runs on the machine of the log that it witnesses. */
export const exampleWitnessName = "localhost/example-witness";

const prefix = "/__witness";
const largestBody = 65_536;

const stateSchema = z.object({
  seed: z.base64(),
  /** What it cosigned last of each log, by origin. */
  logs: z.record(z.string(), z.object({ size: z.int().min(0), root: z.base64(), note: z.string() })),
});

export interface ExampleWitness {
  /** Its verifier key and path: what SLIPMARK_WITNESSES needs, beside the address of the server. */
  readonly vkey: string;
  readonly path: string;
  /** True when the request was for the witness and has been answered. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/**
 * A witness (C2SP tlog-witness) for the example ledger: it runs beside the log on the same machine, so it proves
 * nothing to anybody else. It is there because without any witness no order counts, and an example of a canary could
 * not be told to its end. `logKeys`: verifier keys of the log by its origin; none while the log has not begun.
 */
export async function createExampleWitness(options: {
  readonly dataFolder: string;
  readonly logKeys: (origin: string) => Promise<readonly string[]>;
  readonly now?: () => number;
}): Promise<ExampleWitness> {
  const now = options.now ?? Date.now;
  const file = join(options.dataFolder, "examples", "witness.json");
  const state = await readFile(file, "utf8")
    .then((text) => stateSchema.parse(JSON.parse(text)))
    .catch(() => ({
      seed: randomBytes(32).toString("base64"),
      logs: {} as z.infer<typeof stateSchema>["logs"],
    }));
  await writePrivately(file, state);
  const seed = fromBase64(state.seed);
  const publicKey = ed25519PublicKey(seed);
  const signer = {
    name: exampleWitnessName,
    publicKey,
    sign: (message: Uint8Array) => ed25519Sign(message, seed),
  };
  // One at a time: between two submissions of one size only the first may be answered.
  let turn: Promise<unknown> = Promise.resolve();

  const add = async (body: string): Promise<Answered> => {
    const split = body.indexOf("\n\n");
    const [first = "", ...proofLines] = body.slice(0, Math.max(0, split)).split("\n");
    const old = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
    if (split < 0 || old === undefined || proofLines.length > 63) return { status: 400, body: "malformed\n" };
    const note = body.slice(split + 2);
    const origin = note.slice(0, note.indexOf("\n"));
    const keys = (await options.logKeys(origin)).map(parseVerifierKey);
    if (keys.length === 0) return { status: 404, body: "unknown log\n" };
    const opened = openCheckpoint(note, { origin, keys });
    const before = state.logs[origin] ?? { size: 0, root: base64(emptyRoot), note: "" };
    if (Number(old) > opened.size) return { status: 400, body: "old size\n" };
    if (Number(old) !== before.size)
      return { status: 409, body: `${before.size}\n`, type: "text/x.tlog.size" };
    verifyConsistency({
      oldSize: before.size,
      oldRoot: fromBase64(before.root),
      size: opened.size,
      root: opened.root,
      proof: proofLines.map((line) => fromBase64(line)),
    });
    const line = formatCosignature(opened.note.text, Math.floor(now() / 1000), signer);
    state.logs[origin] = { size: opened.size, root: base64(opened.root), note: `${note}${line}\n` };
    // Kept before it is told: after a crash it must know what it has signed.
    await writePrivately(file, state);
    return { status: 200, body: `${line}\n` };
  };

  const answer = async (body: string): Promise<Answered> => {
    try {
      return await add(body);
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      const refusals: Partial<Record<LogError["code"], number>> = {
        "bad-signature": 403,
        "unknown-key": 403,
        inconsistent: 422,
        "bad-proof": 422,
      };
      return { status: refusals[error.code] ?? 400, body: `${error.code}\n` };
    }
  };

  return {
    vkey: formatVerifierKey(exampleWitnessName, signatureTypes.cosignature, publicKey),
    path: prefix,
    async handle(request, response) {
      const path = request.url ?? "";
      if (!path.startsWith(`${prefix}/`)) return false;
      if (request.method === "POST" && path === `${prefix}/add-checkpoint`) {
        const body = await bodyOf(request);
        const mine = turn.then(() => (body === null ? { status: 413, body: "too large\n" } : answer(body)));
        turn = mine.catch(() => undefined);
        send(response, await mine);
        return true;
      }
      const known = Object.entries(state.logs).find(
        ([origin]) => path === `${prefix}/${createHash("sha256").update(origin).digest("hex")}/checkpoint`,
      );
      send(response, known === undefined ? { status: 404, body: "" } : { status: 200, body: known[1].note });
      return true;
    },
  };
}

interface Answered {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

function send(
  response: ServerResponse,
  { status, body, type = "text/plain; charset=utf-8" }: Answered,
): void {
  response.writeHead(status, { "content-type": type }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
