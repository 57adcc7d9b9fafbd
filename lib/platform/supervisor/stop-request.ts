import { StartProblem } from "@/lib/platform/errors/start-problem";

export interface StopRequest {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP, or when npm, which started us, is gone. */
  readonly signal: AbortSignal;
  readonly asked: Promise<void>;
  /** Ends a start that was interrupted. */
  check(): void;
}

/** `force` runs at a second signal: somebody does not want to wait. */
export function listenForStop(force: () => void): StopRequest {
  const controller = new AbortController();
  const asked = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) force();
      controller.abort();
    });
  }
  // A killed npm passes nothing on; its child then has another parent.
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && controller.abort(), 1000).unref();
  }
  return {
    signal: controller.signal,
    asked,
    check: () => {
      if (controller.signal.aborted) throw new StartProblem("stopped before it had started");
    },
  };
}
