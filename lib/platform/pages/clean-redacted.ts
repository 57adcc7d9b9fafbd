import { randomUUID } from "node:crypto";
import type { Database } from "@/lib/platform/database";
import type { Listener } from "@/lib/platform/notify";
import { redactionChannel } from "./redaction-channel";

interface CleanOptions {
  readonly db: Database;
  readonly listener: Listener;
  /** Takes these pages out of this process's caches and forgets what was made of texts. Rejects when it could not. */
  readonly clean: (paths: readonly string[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** Between two signs of life. */
  readonly everyMs?: number;
}

/**
 * This process's share of a redaction: cleans its own caches and says so. A redaction counts as done only when every
 * process that gives signs of life has; whatever was not heard of is found at the next sign. Returns how to stop.
 */
export function cleanRedacted(options: CleanOptions): { readonly id: string; stop(): Promise<void> } {
  const { db, listener, clean, onError, everyMs = 5_000 } = options;
  const id = randomUUID();
  let working: Promise<void> | null = null;
  let again = false;

  const round = async () => {
    await db.$executeRaw`
      INSERT INTO site_process (id) VALUES (${id}) ON CONFLICT (id) DO UPDATE SET seen_at = now()`;
    const waiting = await db.$queryRaw<{ id: string; paths: string[] }[]>`
      SELECT r.id, r.paths FROM log_redaction r JOIN site_process p ON p.id = ${id}
      WHERE r.erased_at IS NOT NULL
        AND (r.clean_at IS NULL OR r.erased_at > p.started_at - interval '1 minute')
        AND NOT EXISTS (SELECT FROM log_redaction_site s WHERE s.redaction_id = r.id AND s.process_id = ${id})`;
    for (const redaction of waiting) {
      await clean(redaction.paths);
      await db.logRedactionSite.createMany({
        data: [{ redactionId: redaction.id, processId: id }],
        skipDuplicates: true,
      });
    }
    await db.$executeRaw`DELETE FROM site_process WHERE seen_at < now() - interval '1 day'`;
  };

  const work = () => {
    again = true;
    working ??= (async () => {
      while (again) {
        again = false;
        await round().catch(onError);
      }
      working = null;
    })();
    return working;
  };

  const unsubscribe = listener.subscribe(redactionChannel, () => void work());
  const timer = setInterval(() => void work(), everyMs);
  timer.unref();
  void work();
  return {
    id,
    async stop() {
      unsubscribe();
      clearInterval(timer);
      await working;
      await db.siteProcess.deleteMany({ where: { id } });
    },
  };
}
