import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashLogsByOpenssl } from "@/lib/engine/io/fast-log";
import { createLocalBudget } from "@/lib/engine/io/net/request-budget";
import { defaultLimits } from "@/lib/engine/io/net/source-limits";
import { publicLog } from "@/lib/engine/io/public-log";
import type { SourceIo } from "@/lib/engine/io/source/source-io";
import {
  ed25519PublicKey,
  ed25519Sign,
  encodeBundle,
  formatCheckpoint,
  formatLeaf,
  formatNote,
  formatVerifierKey,
  growTiles,
  leafHash,
  signatureTypes,
  signNote,
  type TileEdge,
  tilePath,
} from "@/lib/engine/log";
import { followLog } from "@/lib/engine/log/monitor";
import { served } from "./monitor-server";

const io: SourceIo = {
  hf: { endpoint: "", token: null },
  github: { endpoint: "", token: null },
  cacheFolder: null,
  budget: createLocalBudget(),
  limits: { ...defaultLimits, maxRequests: Number.MAX_SAFE_INTEGER },
};

/** Seconds of a first run over a log's leaves alone, served as files by another process; and blobs per second, apart. */
export async function monitorTimes(folder: string, entries: number, statements: number) {
  await writeLog(folder, entries);
  const leaves = await served(["folder", folder], (url) => timed(url, "none"));
  const blobs = await served(["statements", String(statements)], (url) => timed(url, "sample"));
  const { count } = blobs;
  return {
    entries,
    seconds: leaves.seconds,
    cpuSeconds: leaves.cpuSeconds,
    blobsPerSecond: (count.statements + count.payloads) / blobs.seconds,
    statementsPerSecond: count.statements / blobs.seconds,
  };
}

async function timed(url: string, blobs: "none" | "sample") {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const report = await followLog({ fetch: publicLog(url, io), state: null, save: async () => {}, blobs });
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    count: report.blobs,
  };
}

/** A log's public files as a site has them: distinct leaves of the usual form and length. */
async function writeLog(folder: string, entries: number): Promise<void> {
  hashLogsByOpenssl();
  const origin = "localhost/bench-log";
  const seed = new Uint8Array(randomBytes(32));
  const publicKey = ed25519PublicKey(seed);
  const put = async (path: string, bytes: Uint8Array | string) => {
    const file = join(folder, "log", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  };
  let tree: { size: number; edge: TileEdge; root: Uint8Array } = {
    size: 0,
    edge: new Map(),
    root: new Uint8Array(0),
  };
  while (tree.size < entries) {
    const count = Math.min(65_536, entries - tree.size);
    const random = randomBytes(count * 128);
    const leaves = Array.from({ length: count }, (_, at) => {
      const part = random.subarray(at * 128);
      return formatLeaf({
        key: part.subarray(0, 32),
        kind: "evidence",
        pae: part.subarray(32, 64),
        sig: part.subarray(64, 128),
        t: new Date(Date.UTC(2026, 0, 1) + tree.size + at).toISOString(),
      });
    });
    for (let at = 0; at < count; at += 256) {
      const bundle = leaves.slice(at, at + 256);
      await put(
        tilePath({ level: "entries", index: (tree.size + at) / 256, width: bundle.length }),
        encodeBundle(bundle),
      );
    }
    tree = growTiles({ ...tree, leaves: leaves.map(leafHash) });
    const { tiles } = tree as ReturnType<typeof growTiles>;
    for (const { level, index, bytes } of tiles)
      await put(tilePath({ level, index, width: bytes.length / 32 }), bytes);
  }
  const body = formatCheckpoint({ origin, size: tree.size, root: tree.root });
  const line = signNote(body, { name: origin, publicKey, sign: (message) => ed25519Sign(message, seed) });
  await put("checkpoint", formatNote(body, [line]));
  await put("vkey", `${formatVerifierKey(origin, signatureTypes.note, publicKey)}\n`);
}
