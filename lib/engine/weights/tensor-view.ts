import type { StoredTensor } from "../formats/stored-weights";

/** How the elements of a logical tensor lie in a stored one. */
export interface TensorView {
  readonly source: StoredTensor;
  /** First element of the stored block that the view looks at. */
  readonly offset: number;
  /** Elements of one logical row (1 for the entries of a vector). */
  readonly rowLength: number;
  /** Stored row (stored column, where turned) of a logical row; null where they are the same. */
  readonly rowAt: ((row: number) => number) | null;
  /** Elements of one stored row where the block is stored transposed, else null. */
  readonly turnedFrom: { readonly rows: number; readonly cols: number } | null;
  /** Added to every element: what a converter took away. */
  readonly add: number;
}

type Signal = AbortSignal | undefined;
type Reads = "read" | "steps";

/** A turned matrix is read whole, once for many rows, up to so many elements (256 MiB as float32). */
const maxTurned = 2 ** 26;
/** Elements asked for at once where a whole matrix is wanted: no reader has to give more than 16 MiB a piece. */
const pieceElements = 2 ** 21;

/** Elements [start, end) of the logical tensor, or null where bytes cannot be had. */
export async function readView(
  view: TensorView,
  start: number,
  end: number,
  what: Reads,
  cache: TurnedCache,
  signal: Signal,
): Promise<Float32Array | null> {
  const values =
    view.turnedFrom === null
      ? await readStraight(view, start, end, what, signal)
      : await readTurned(view, view.turnedFrom, start, end, what, cache, signal);
  if (values !== null && what === "read" && view.add !== 0) {
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + view.add;
  }
  return values;
}

async function readStraight(
  { source, offset, rowLength, rowAt }: TensorView,
  start: number,
  end: number,
  what: Reads,
  signal: Signal,
): Promise<Float32Array | null> {
  if (rowAt === null) return source[what](offset + start, offset + end, signal);
  const runs: { from: number; to: number }[] = [];
  for (let at = start; at < end; ) {
    const row = Math.floor(at / rowLength);
    const stop = Math.min(end, (row + 1) * rowLength);
    const from = offset + rowAt(row) * rowLength + (at - row * rowLength);
    const last = runs.at(-1);
    if (last !== undefined && last.to === from) last.to += stop - at;
    else runs.push({ from, to: from + stop - at });
    at = stop;
  }
  const parts = await Promise.all(runs.map(({ from, to }) => source[what](from, to, signal)));
  return joined(parts, end - start);
}

/** Logical [r][c] is stored [c][r]: any row needs every stored row. */
async function readTurned(
  { source, offset, rowLength, rowAt }: TensorView,
  stored: { readonly rows: number; readonly cols: number },
  start: number,
  end: number,
  what: Reads,
  cache: TurnedCache,
  signal: Signal,
): Promise<Float32Array | null> {
  const size = stored.rows * stored.cols;
  if (start === end) return new Float32Array();
  if (size > maxTurned) return null;
  const whole = await cache.get(`${what} ${offset} ${source.name}`, size, () =>
    readWhole(source, offset, size, what, signal),
  );
  if (whole === null) return null;
  const out = new Float32Array(end - start);
  for (let i = start; i < end; i++) {
    const row = Math.floor(i / rowLength);
    const column = rowAt === null ? row : rowAt(row);
    out[i - start] = whole[(i - row * rowLength) * stored.cols + column] as number;
  }
  return out;
}

async function readWhole(
  source: StoredTensor,
  offset: number,
  size: number,
  what: Reads,
  signal: Signal,
): Promise<Float32Array | null> {
  const starts = Array.from({ length: Math.ceil(size / pieceElements) }, (_, i) => i * pieceElements);
  const parts = await Promise.all(
    starts.map((at) => source[what](offset + at, offset + Math.min(size, at + pieceElements), signal)),
  );
  return joined(parts, size);
}

function joined(parts: readonly (Float32Array | null)[], length: number): Float32Array | null {
  const out = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    if (part === null) return null;
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * The turned matrices read last, up to a sum of elements. They are loaded one after another: a caller that asks for
 * rows of a hundred of them at once must not hold a hundred. A failed or empty load is not remembered.
 */
export class TurnedCache {
  readonly #held = new Map<string, { size: number; values: Promise<Float32Array | null> }>();
  #total = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(readonly limit = maxTurned) {}

  get(key: string, size: number, load: () => Promise<Float32Array | null>): Promise<Float32Array | null> {
    const known = this.#held.get(key);
    if (known !== undefined) {
      // Asked for last, let go last.
      this.#held.delete(key);
      this.#held.set(key, known);
      return known.values;
    }
    const entry = { size: 0, values: Promise.resolve<Float32Array | null>(null) };
    entry.values = this.#queue.then(() => {
      this.#makeRoom(size);
      entry.size = size;
      this.#total += size;
      return load();
    });
    this.#held.set(key, entry);
    this.#queue = entry.values.then(
      (values) => values ?? this.#forget(key, entry),
      () => this.#forget(key, entry),
    );
    return entry.values;
  }

  #makeRoom(size: number): void {
    for (const [key, entry] of this.#held) {
      if (this.#total + size <= this.limit) return;
      if (entry.size > 0) this.#forget(key, entry);
    }
  }

  #forget(key: string, entry: { readonly size: number }): void {
    if (this.#held.get(key) !== entry) return;
    this.#held.delete(key);
    this.#total -= entry.size;
  }
}
