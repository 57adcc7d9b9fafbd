/** node --import tsx tests/bench/log-monitor.ts [--entries N] [--statements N] [--json]: the monitor over HTTP on this machine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { monitorTimes } from "./log/monitor-times";

const { values } = parseArgs({
  options: { entries: { type: "string" }, statements: { type: "string" }, json: { type: "boolean" } },
});
const folder = await mkdtemp(join(tmpdir(), "slipmark-bench-monitor-"));
try {
  const times = await monitorTimes(
    folder,
    Number(values.entries ?? 1_000_000),
    Number(values.statements ?? 2_000),
  );
  if (values.json) console.log(JSON.stringify(times, null, 2));
  else {
    const row = (name: string, figure: string, bound = "") =>
      console.log([name.padEnd(66), figure.padStart(12), bound.padStart(12)].join(" "));
    row(`monitor of ${times.entries} entries, leaves and tree, s`, times.seconds.toFixed(1), "≤ 60");
    row("of which our own CPU, s", times.cpuSeconds.toFixed(1));
    row("statements checked (hash, form, signature) per second", times.statementsPerSecond.toFixed(0));
    row("blobs fetched and checked per second", times.blobsPerSecond.toFixed(0));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
