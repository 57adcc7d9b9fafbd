import { lanesPerHost } from "../net/lanes";
import { planRequests } from "../net/plan-requests";
import type { ByteRange } from "../net/read-body";
import type { ListedFile } from "./release";

type Bytes = Uint8Array | null;

export interface GatherOptions {
  /** Fetches one range; null when the bytes cannot be had. */
  readonly fetchRange: (file: ListedFile, range: ByteRange, signal?: AbortSignal) => Promise<Bytes>;
  /** What is known already; asked for every range before anything is fetched. */
  readonly known: (file: ListedFile, range: ByteRange) => Promise<Uint8Array | null>;
  /** Told of every range that was fetched, as it was asked for. */
  readonly keep: (file: ListedFile, range: ByteRange, bytes: Uint8Array) => Promise<void>;
  readonly limits?: Partial<GatherLimits>;
}

interface GatherLimits {
  readonly maxGapBytes: number;
  readonly maxRequestBytes: number;
  /** Bytes that nobody asked for are at most this share of those that somebody did … */
  readonly maxWasteShare: number;
  /** … and so many more: a release of a few small reads may still be read in few requests. */
  readonly freeWasteBytes: number;
}

const KiB = 1024;

/**
 * A request costs a round trip, on one of eight lanes: about as long as half a megabyte takes on a usual line. A long
 * answer is cut, so that a connection that breaks costs no more than one part of it.
 */
const usual: GatherLimits = {
  maxGapBytes: 256 * KiB,
  maxRequestBytes: 8 * KiB * KiB,
  maxWasteShare: 0.25,
  freeWasteBytes: 256 * KiB,
};

/** One range that somebody waits for, and what of it is there. */
interface Ask {
  readonly file: ListedFile;
  readonly range: ByteRange;
  readonly settle: (bytes: Bytes) => void;
  readonly fail: (error: unknown) => void;
  bytes: Uint8Array | null;
  missing: number;
}

interface Request {
  readonly file: ListedFile;
  readonly range: ByteRange;
  readonly asks: readonly Ask[];
}

/**
 * Reads ranges in few requests. Whatever is asked for in one turn of the event loop is taken together: looked up,
 * merged per file where gaps are small, fetched in parallel, and cut out of the answers again. The bytes fetched for
 * nothing stay below 256 KiB and a quarter of what was asked for, over the life of the reader. Callers see exactly the
 * ranges they asked for.
 */
export function gatherRanges(
  options: GatherOptions,
): (file: ListedFile, range: ByteRange, signal?: AbortSignal) => Promise<Bytes> {
  const limits = { ...usual, ...options.limits };
  const turns = new Map<AbortSignal | undefined, Ask[]>();
  let asked = 0;
  let wasted = 0;

  async function serve(asks: readonly Ask[], signal: AbortSignal | undefined): Promise<void> {
    const unknown: Ask[] = [];
    await inParallel(2 * lanesPerHost, asks, async (ask) => {
      const bytes = await options.known(ask.file, ask.range).catch(() => null);
      if (bytes !== null) ask.settle(bytes);
      else unknown.push(ask);
    });
    const requests = plan(unknown);
    const failures: unknown[] = [];
    await inParallel(lanesPerHost, requests, async (request) => {
      // After a failure the caller gives up: what has not been sent yet is not sent any more.
      if (failures.length > 0) return reject(request, failures[0]);
      try {
        await deliver(request, await options.fetchRange(request.file, request.range, signal));
      } catch (error) {
        failures.push(error);
        reject(request, error);
      }
    });
  }

  function plan(asks: readonly Ask[]): Request[] {
    const byFile = new Map<string, Ask[]>();
    for (const ask of asks) {
      const others = byFile.get(ask.file.path);
      if (others) others.push(ask);
      else byFile.set(ask.file.path, [ask]);
    }
    const planned: Request[] = [];
    for (const [, ours] of [...byFile].sort(([a], [b]) => (a < b ? -1 : 1))) {
      ours.sort((a, b) => a.range.start - b.range.start);
      asked += ours.reduce((sum, { range }) => sum + range.end - range.start, 0);
      const maxWasteBytes = Math.max(0, limits.freeWasteBytes + asked * limits.maxWasteShare - wasted);
      const { requests, wastedBytes } = planRequests(
        ours.map((ask) => ask.range),
        { ...limits, maxWasteBytes },
      );
      wasted += wastedBytes;
      planned.push(...assign(requests, ours));
    }
    return planned;
  }

  async function deliver({ file, range, asks }: Request, body: Bytes): Promise<void> {
    await inParallel(lanesPerHost, asks, async (ask) => {
      if (body === null) return ask.settle(null);
      const start = Math.max(range.start, ask.range.start);
      const end = Math.min(range.end, ask.range.end);
      const part = body.subarray(start - range.start, end - range.start);
      const length = ask.range.end - ask.range.start;
      if (part.length === length) {
        // A view of a larger answer would keep all of it in memory.
        ask.bytes = part.length === body.length ? body : part.slice();
      } else {
        ask.bytes ??= new Uint8Array(length);
        ask.bytes.set(part, start - ask.range.start);
      }
      ask.missing -= part.length;
      if (ask.missing > 0) return;
      await options.keep(file, ask.range, ask.bytes).catch(() => {});
      ask.settle(ask.bytes);
    });
  }

  return (file, range, signal) =>
    new Promise((settle, fail) => {
      const missing = range.end - range.start;
      const ask: Ask = { file, range, settle, fail, bytes: null, missing };
      const turn = turns.get(signal);
      if (turn) {
        turn.push(ask);
        return;
      }
      const asks = [ask];
      turns.set(signal, asks);
      setImmediate(() => {
        turns.delete(signal);
        serve(asks, signal).catch((error: unknown) => {
          for (const one of asks) one.fail(error);
        });
      });
    });
}

function reject({ asks }: Request, error: unknown): void {
  for (const ask of asks) ask.fail(error);
}

/** Which asks each request serves; both sorted by their start. */
function assign(requests: readonly ByteRange[], asks: readonly Ask[]): Request[] {
  const file = (asks[0] as Ask).file;
  const served: { readonly range: ByteRange; readonly asks: Ask[] }[] = requests.map((range) => ({
    range,
    asks: [],
  }));
  let first = 0;
  for (const ask of asks) {
    while ((served[first] as { range: ByteRange }).range.end <= ask.range.start) first += 1;
    for (let k = first; k < served.length; k += 1) {
      const one = served[k] as { range: ByteRange; asks: Ask[] };
      if (one.range.start >= ask.range.end) break;
      one.asks.push(ask);
    }
  }
  return served.map((one) => ({ file, ...one }));
}

async function inParallel<T>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
