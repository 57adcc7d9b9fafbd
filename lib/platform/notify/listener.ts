import { Client, escapeIdentifier } from "pg";

export interface Listener {
  /**
   * Calls back with every payload on a channel, and with null after the connection was lost and made again:
   * notifications may have been missed then, so the caller looks for itself. Returns how to stop.
   */
  subscribe(channel: string, callback: (payload: string | null) => void): () => void;
  /** True while the connection stands. */
  connected(): boolean;
  close(): Promise<void>;
}

const firstDelay = 200;
const longestDelay = 5_000;

/** One LISTEN connection for a whole process, made when first needed, and again whenever it breaks. */
export function createListener(url: string, onError: (error: unknown) => void = () => undefined): Listener {
  const callbacks = new Map<string, Set<(payload: string | null) => void>>();
  let client: Client | null = null;
  let ready = false;
  let closed = false;
  let delay = firstDelay;
  let timer: NodeJS.Timeout | null = null;

  const tell = (channel: string, payload: string | null) => {
    for (const callback of [...(callbacks.get(channel) ?? [])]) callback(payload);
  };

  const lost = (broken: Client, error?: unknown) => {
    if (client !== broken) return;
    client = null;
    ready = false;
    if (error !== undefined) onError(error);
    broken.end().catch(() => undefined);
    if (closed || callbacks.size === 0) return;
    timer = setTimeout(connect, delay);
    timer.unref();
    delay = Math.min(longestDelay, delay * 2);
  };

  const connect = () => {
    if (client !== null || closed) return;
    const fresh = new Client({ connectionString: url, keepAlive: true, application_name: "slipmark listen" });
    client = fresh;
    fresh.on("error", (error) => lost(fresh, error));
    fresh.on("end", () => lost(fresh));
    fresh.on("notification", (message) => tell(message.channel, message.payload ?? ""));
    (async () => {
      await fresh.connect();
      for (const channel of callbacks.keys()) await fresh.query(`LISTEN ${escapeIdentifier(channel)}`);
      ready = true;
      delay = firstDelay;
      // Whatever was told before LISTEN took effect was missed.
      for (const channel of callbacks.keys()) tell(channel, null);
    })().catch((error) => lost(fresh, error));
  };

  return {
    subscribe(channel, callback) {
      const existing = callbacks.get(channel);
      if (existing !== undefined) existing.add(callback);
      else {
        callbacks.set(channel, new Set([callback]));
        if (ready && client !== null) {
          const current = client;
          current
            .query(`LISTEN ${escapeIdentifier(channel)}`)
            .then(() => tell(channel, null))
            .catch((error) => lost(current, error));
        }
      }
      connect();
      return () => {
        callbacks.get(channel)?.delete(callback);
      };
    },
    connected: () => ready,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      const current = client;
      client = null;
      ready = false;
      await current?.end().catch(() => undefined);
    },
  };
}
