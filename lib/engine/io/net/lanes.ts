import { cancelledError, throwIfCancelled } from "./cancelled";

/** At most so many requests to one host at a time, whatever releases of this process they belong to. */
export const lanesPerHost = 8;

interface Lanes {
  free: number;
  readonly waiting: Set<() => void>;
}

const hosts = new Map<string, Lanes>();

/** Runs the work when a lane to the host is free, first come first served. Rejects with "cancelled" while waiting. */
export async function inLane<T>(
  host: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lanes = hosts.get(host) ?? { free: lanesPerHost, waiting: new Set<() => void>() };
  hosts.set(host, lanes);
  await enter(lanes, signal);
  try {
    return await work();
  } finally {
    const [next] = lanes.waiting;
    if (next) next();
    else lanes.free += 1;
    if (lanes.free === lanesPerHost) hosts.delete(host);
  }
}

function enter(lanes: Lanes, signal: AbortSignal | undefined): Promise<void> {
  throwIfCancelled(signal);
  if (lanes.free > 0) {
    lanes.free -= 1;
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    const go = () => {
      lanes.waiting.delete(go);
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const stop = () => {
      lanes.waiting.delete(go);
      reject(cancelledError(signal?.reason));
    };
    lanes.waiting.add(go);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
