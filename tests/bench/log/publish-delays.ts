import { setTimeout as sleep } from "node:timers/promises";
import { parseCheckpoint, parseNote } from "@/lib/engine/log";
import { appendEntry } from "@/lib/ledger/append-entry";
import { connect } from "@/lib/platform/database";
import { act, benchOptions, quantile } from "./place";
import { startSequencer, stopSequencer } from "./sequencer-child";

/** Fifty acts a second: how long after its commit a checkpoint over it can be fetched. */
export async function publishDelays(databaseUrl: string, folder: string, seconds: number) {
  const db = connect(databaseUrl, { max: 8 });
  const { files } = benchOptions(databaseUrl, folder);
  const sequencer = await startSequencer(databaseUrl, folder);
  const seen: { size: number; at: number }[] = [];
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const bytes = await files.get("log/checkpoint");
      const at = performance.now();
      const size = bytes === null ? 0 : parseCheckpoint(parseNote(bytes).text).size;
      if (size > (seen.at(-1)?.size ?? 0)) seen.push({ size, at });
      await sleep(3);
    }
  })();
  try {
    const committed = new Map<string, number>();
    const start = performance.now();
    const writes: Promise<void>[] = [];
    for (let n = 0; n < seconds * 50; n += 1) {
      await sleep(Math.max(0, start + n * 20 - performance.now()));
      const one = act();
      writes.push(appendEntry(db, one).then(() => void committed.set(one.dedupKey, performance.now())));
    }
    await Promise.all(writes);
    while ((seen.at(-1)?.size ?? 0) < committed.size) await sleep(20);
    const rows = await db.logEntry.findMany({ select: { index: true, dedupKey: true } });
    const delays = rows.map(({ index, dedupKey }) => {
      const covering = seen.find(({ size }) => size > Number(index));
      return (covering?.at ?? Number.NaN) - (committed.get(dedupKey) ?? Number.NaN);
    });
    return { medianMs: quantile(delays, 0.5), p95Ms: quantile(delays, 0.95) };
  } finally {
    watching = false;
    await watch;
    await stopSequencer(sequencer);
    await db.$disconnect();
  }
}
