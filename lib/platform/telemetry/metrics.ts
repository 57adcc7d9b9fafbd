import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "@/lib/platform/database";
import { lastMonitorRun } from "./monitor-row";

interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<"endpoint" | "status">;
  readonly seconds: Histogram<"endpoint">;
  readonly runs: Gauge<"state">;
  readonly monitorOk: Gauge<"trouble">;
  readonly monitorSeconds: Gauge;
  readonly monitorSize: Gauge;
}

// On globalThis: Next bundles this module into several chunks, and a second registry would start from zero.
const place = globalThis as typeof globalThis & { [key: symbol]: Metrics | undefined };
const name = Symbol.for("slipmark.metrics");

function metrics(): Metrics {
  const known = place[name];
  if (known !== undefined) return known;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const made: Metrics = {
    registry,
    requests: new Counter({
      name: "slipmark_http_requests_total",
      help: "Requests of the HTTP interface",
      labelNames: ["endpoint", "status"],
      registers: [registry],
    }),
    seconds: new Histogram({
      name: "slipmark_http_request_seconds",
      help: "Time until the answer's head was ready",
      labelNames: ["endpoint"],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers: [registry],
    }),
    runs: new Gauge({
      name: "slipmark_runs",
      help: "Verification runs by state",
      labelNames: ["state"],
      registers: [registry],
    }),
    monitorOk: new Gauge({
      name: "slipmark_log_monitor_ok",
      help: "1 when the last run of our own monitor of the log found nothing off; 0 with what it found",
      labelNames: ["trouble"],
      registers: [registry],
    }),
    monitorSeconds: new Gauge({
      name: "slipmark_log_monitor_run_timestamp_seconds",
      help: "When the monitor of the log last ended",
      registers: [registry],
    }),
    monitorSize: new Gauge({
      name: "slipmark_log_monitor_entries",
      help: "Entries that the monitor of the log has followed, with their statements and payloads",
      registers: [registry],
    }),
  };
  place[name] = made;
  return made;
}

export function countRequest(endpoint: string, status: number, seconds: number): void {
  const { requests, seconds: times } = metrics();
  requests.inc({ endpoint, status: String(status) });
  times.observe({ endpoint }, seconds);
}

/** The Prometheus text of this process, with the instance's runs counted now. */
export async function metricsText(
  db: Database,
): Promise<{ readonly text: string; readonly mediaType: string }> {
  const { registry, runs, ...monitor } = metrics();
  runs.reset();
  const counts = await db.run.groupBy({ by: ["state"], _count: { _all: true } });
  for (const { state, _count } of counts) runs.set({ state }, _count._all);
  const run = await lastMonitorRun(db);
  monitor.monitorOk.reset();
  if (run !== null) {
    monitor.monitorOk.set({ trouble: run.trouble ?? "none" }, run.trouble === null ? 1 : 0);
    monitor.monitorSeconds.set(run.at.getTime() / 1000);
    monitor.monitorSize.set(run.size);
  }
  return { text: await registry.metrics(), mediaType: registry.contentType };
}
