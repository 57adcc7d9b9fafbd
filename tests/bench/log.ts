/**
 * npm run bench:log [-- --seconds N] [--entries N] [--json]: the log on a durable PostgreSQL of its own (fsync on), each
 * figure beside its peer or its bound.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEmbedded } from "@/lib/platform/database/embedded";
import { migrate } from "@/lib/platform/database/migrations/migrate";
import { appendRates } from "./log/append-rates";
import { monitorTimes } from "./log/monitor-times";
import { proofTimes } from "./log/proof-times";
import { publishDelays } from "./log/publish-delays";
import { costAtSizes, sequencerAlone } from "./log/sequencer-rates";

const { values } = parseArgs({
  options: { seconds: { type: "string" }, entries: { type: "string" }, json: { type: "boolean" } },
});
const seconds = Number(values.seconds ?? 10);
const entries = Number(values.entries ?? 1_000_000);

const folder = await mkdtemp(join(tmpdir(), "slipmark-bench-log-"));
// As root the server runs as another user, who has to get in.
await chmod(folder, 0o755);
const server = await startEmbedded({
  folder: join(folder, "postgres"),
  durable: true,
  outside: join(folder, "outside"),
});
const say = (line: string) => console.error(line);

try {
  const database = async (name: string) => {
    const { Client } = await import("pg");
    const client = new Client({ connectionString: server.url("postgres") });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    await migrate(server.url(name));
    return server.url(name);
  };
  say("appending with 8 writers …");
  const append = await appendRates(await database("append"), join(folder, "append"), seconds);
  say("sequencer alone …");
  const alone = await sequencerAlone(await database("alone"), join(folder, "alone"), 50_000);
  say("from commit to published checkpoint at 50/s …");
  const delay = await publishDelays(await database("delay"), join(folder, "delay"), seconds * 2);
  say("proofs from a million leaves …");
  const proof = await proofTimes(join(folder, "proof"), 1_000_000);
  say(`cost per entry up to ${entries} …`);
  const cost = await costAtSizes(await database("cost"), join(folder, "cost"), entries);
  say("monitor of a million entries …");
  const monitor = await monitorTimes(join(folder, "monitor"), 1_000_000, 2_000);
  const result = { append, alone, delay, proof, cost, monitor };
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else {
    const row = (name: string, figure: string, bound: string) =>
      console.log([name.padEnd(66), figure.padStart(12), bound.padStart(12)].join(" "));
    row("plain single-row insert, 8 writers, committed/s", append.plain.toFixed(0), "");
    row("appendEntry, 8 writers, committed/s", append.committed.toFixed(0), "");
    row("the same with the sequencer keeping up, logged/s", append.logged.toFixed(0), "");
    row("ratio of logged to plain", append.ratio.toFixed(2), "≥ 0.5");
    row("sequencer alone on a backlog, entries/s", alone.sequenced.toFixed(0), "≥ 5000");
    row("CPU of an entry, ours and the database's, µs", alone.cpu.toFixed(0), "≤ 200");
    row("with signing and publishing of blobs and tiles, entries/s", alone.published.toFixed(0), "");
    row("commit to published checkpoint at 50/s: median, ms", delay.medianMs.toFixed(0), "");
    row("commit to published checkpoint at 50/s: p95, ms", delay.p95Ms.toFixed(0), "≤ 500");
    row("proof from tiles, a million leaves: median, ms", proof.medianMs.toFixed(2), "");
    row("proof from tiles, a million leaves: p95, ms", proof.p95Ms.toFixed(2), "≤ 10");
    row(`monitor of ${monitor.entries} entries, leaves and tree, s`, monitor.seconds.toFixed(1), "≤ 60");
    row("of it, statements and payloads, checked/s", monitor.blobsPerSecond.toFixed(0), "");
    for (const { size, microseconds } of cost)
      row(`cost of an entry at ${size}, µs`, microseconds.toFixed(0), "flat");
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
