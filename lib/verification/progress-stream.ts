import type { Context } from "@/lib/platform/context";
import type { Listener } from "@/lib/platform/notify";
import { runChannel } from "./notify-run";
import { runProgress } from "./queries";

/** A comment now and then keeps proxies from closing a silent connection, and finds out who has gone. */
const keepAliveMs = 15_000;
/** Looks without being told this often: notifications are a hint, the table is the truth. */
const lookMs = 5_000;
/** A stream ends after this long; the browser's EventSource comes back by itself. */
const longestMs = 15 * 60_000;

/**
 * Server-sent events of one run: its state at once, then after every change, until it has ended. All streams of a
 * process share one LISTEN connection.
 */
export function progressStream(
  ctx: Context,
  runId: string,
  options: { readonly listener: Listener; readonly signal: AbortSignal; readonly onEnd?: () => void },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let last = "";
      let looking = false;
      let again = false;
      let open = true;

      const send = (text: string) => {
        if (open) controller.enqueue(encoder.encode(text));
      };
      stop = () => {
        if (!open) return;
        open = false;
        unsubscribe();
        for (const timer of timers) clearInterval(timer);
        clearTimeout(end);
        options.signal.removeEventListener("abort", stop);
        options.onEnd?.();
        try {
          controller.close();
        } catch {
          // The reader has gone already.
        }
      };
      const look = async () => {
        if (!open) return;
        if (looking) {
          again = true;
          return;
        }
        looking = true;
        try {
          do {
            again = false;
            const progress = await runProgress(ctx, runId);
            const text = JSON.stringify(progress);
            if (text !== last) send(`event: progress\ndata: ${text}\n\n`);
            last = text;
            if (progress === null || progress.ended) return stop();
          } while (again);
        } catch {
          // The database is away for a moment: the next look finds out.
        } finally {
          looking = false;
        }
      };

      const unsubscribe = options.listener.subscribe(runChannel, (payload) => {
        if (payload === null || payload === runId) void look();
      });
      const timers = [
        setInterval(() => send(": still here\n\n"), keepAliveMs),
        setInterval(() => void look(), lookMs),
      ];
      const end = setTimeout(stop, longestMs);
      if (options.signal.aborted) return stop();
      options.signal.addEventListener("abort", stop, { once: true });
      send("retry: 2000\n\n");
      void look();
    },
    cancel() {
      stop();
    },
  });
}
