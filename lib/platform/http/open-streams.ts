import { AppError } from "@/lib/platform/errors";

/** Streams held open at once by one network address, and by this process: each asks the database every few seconds. */
export const mostStreams = { address: 30, process: 1_000 } as const;

const held = new Map<string, number>();
let all = 0;

/** Takes a place for a stream; "too-many-requests" when none is free. Returns how to give it back, which may be called twice. */
export function holdStream(address: string | null): () => void {
  const key = address ?? "unknown";
  const own = held.get(key) ?? 0;
  if (own >= mostStreams.address || all >= mostStreams.process)
    throw new AppError("too-many-requests", { detail: { retryAfter: 30 } });
  held.set(key, own + 1);
  all += 1;
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    all -= 1;
    const left = (held.get(key) ?? 1) - 1;
    if (left > 0) held.set(key, left);
    else held.delete(key);
  };
}
