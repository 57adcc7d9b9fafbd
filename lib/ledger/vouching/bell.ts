/** Wakes one waiter. A ring that nobody waits for is kept for the next wait. */
export function createBell() {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring(): void {
      rung = true;
      wake?.();
    },
    /** Until the next ring, for at most `ms`, or until `signal`. */
    async wait(ms: number, signal: AbortSignal): Promise<void> {
      if (!rung && !signal.aborted)
        await new Promise<void>((resolve) => {
          const end = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", end);
            wake = null;
            resolve();
          };
          const timer = setTimeout(end, ms);
          signal.addEventListener("abort", end, { once: true });
          wake = end;
        });
      rung = false;
    },
  };
}
