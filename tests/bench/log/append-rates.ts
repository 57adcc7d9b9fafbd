import { setTimeout as sleep } from "node:timers/promises";
import { appendEntry } from "@/lib/ledger/append-entry";
import { connect, type Database } from "@/lib/platform/database";
import { act } from "./place";
import { startSequencer, stopSequencer } from "./sequencer-child";

const writers = 8;
const rounds = 3;

/**
 * Acts per second with eight writers, each act one committed statement, beside the same number of plain rows over the
 * same connections: taken in turns. `logged` counts until the sequencer, in a process of its own, has appended them all.
 */
export async function appendRates(databaseUrl: string, folder: string, seconds: number) {
  const db = connect(databaseUrl, { max: writers });
  const sequencer = await startSequencer(databaseUrl, folder);
  try {
    await db.$executeRaw`CREATE TABLE bench_plain (id bigserial PRIMARY KEY, statement text NOT NULL, t timestamptz NOT NULL)`;
    const plain: number[] = [];
    const committed: number[] = [];
    const logged: number[] = [];
    const each = (seconds * 1000) / rounds;
    await during(500, () => plainInsert(db));
    await during(500, () => appendEntry(db, act()));
    await drained(db);
    for (let round = 0; round < rounds; round += 1) {
      const rows = await during(each, () => plainInsert(db));
      plain.push((rows.count / rows.ms) * 1000);
      const start = performance.now();
      const acts = await during(each, () => appendEntry(db, act()));
      committed.push((acts.count / acts.ms) * 1000);
      await drained(db);
      logged.push((acts.count / (performance.now() - start)) * 1000);
      await published(db);
    }
    const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
    return {
      plain: mean(plain),
      committed: mean(committed),
      logged: mean(logged),
      ratio: mean(logged) / mean(plain),
    };
  } finally {
    await stopSequencer(sequencer);
    await db.$disconnect();
  }
}

async function plainInsert(db: Database): Promise<void> {
  const { statement, t } = act();
  await db.$executeRaw`/* prepared: plain-row */ INSERT INTO bench_plain (statement, t) VALUES (${statement}, ${t})`;
}

async function during(ms: number, once: () => Promise<unknown>): Promise<{ count: number; ms: number }> {
  const start = performance.now();
  let count = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() - start < ms) {
        await once();
        count += 1;
      }
    }),
  );
  return { count, ms: performance.now() - start };
}

async function drained(db: Database): Promise<void> {
  while ((await db.logPending.findFirst({ select: { id: true } })) !== null) await sleep(10);
}

async function published(db: Database): Promise<void> {
  for (;;) {
    const state = await db.logState.findUnique({ where: { id: 1 } });
    if (state !== null && state.size === state.publishedSize) return;
    await sleep(200);
  }
}
