import { EngineError } from "../errors";
import type { PinnedRelease, ReleaseReader } from "../io/source/release";
import { nullIfRefused } from "../methods/refused-weights";
import { openWeights } from "./open-weights";
import type { ReleaseWeights, WeightTensor } from "./release-weights";

/** Bytes [start, end) of a file. */
export interface FileSpan {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** The weights of a release, read for a pass over everything. */
export interface PassWeights {
  readonly release: PinnedRelease;
  readonly weights: ReleaseWeights | null;
  /**
   * Bytes of a file into `to`, not recorded one by one; false where they cannot be had. `remember` them for a while
   * where a format will ask for them again.
   */
  load(span: FileSpan, to: Uint8Array, remember: boolean, signal?: AbortSignal): Promise<boolean>;
  /**
   * The bytes that elements [start, end) of a tensor come from, in the order in which its format asks for them, runs
   * that follow each other joined. No byte is read: the format is let ask, and told that nothing can be had.
   */
  trace(tensor: WeightTensor, start: number, end: number): Promise<FileSpan[]>;
}

/** What is remembered of the bytes read last: a format that decodes them asks for them once more. */
const rememberedBytes = 48 * 1024 * 1024;

/** `optional`: a checkpoint that is refused (an ancestor's) is as one that is not there. */
export async function openForPass(
  reader: ReleaseReader,
  signal?: AbortSignal,
  optional = false,
): Promise<PassWeights> {
  const source = reader.full ?? reader;
  const readOnce: ReleaseReader["read"] = (path, start, end, within) => source.read(path, start, end, within);
  const recent = new RecentBytes();
  let asked: FileSpan[] | null = null;
  const tracing: ReleaseReader = {
    release: reader.release,
    async read(path, start, end, within) {
      if (asked !== null) {
        const last = asked.at(-1);
        if (last?.path === path && last.end === start) asked[asked.length - 1] = { ...last, end };
        else asked.push({ path, start, end });
        return null;
      }
      return recent.get({ path, start, end }) ?? readOnce(path, start, end, within);
    },
    readWhole: (path, limit, within) => reader.readWhole(path, limit, within),
  };
  const opening = openWeights(tracing, signal);
  const weights = await (optional ? opening.catch(nullIfRefused) : opening);
  return {
    release: reader.release,
    weights,
    async load({ path, start, end }, to, remember, within) {
      if (source.readInto && !remember) {
        return source.readInto(path, start, to.subarray(0, end - start), within);
      }
      const bytes = await readOnce(path, start, end, within);
      if (bytes === null) return false;
      if (bytes.length !== end - start) {
        throw new EngineError("source-changed", `${path} changed while it was read`, { path });
      }
      to.set(bytes);
      if (remember) recent.put({ path, start, end }, bytes);
      return true;
    },
    async trace(tensor, start, end) {
      asked = [];
      try {
        await weights?.read(tensor, start, end);
        return asked;
      } finally {
        asked = null;
      }
    },
  };
}

/** The stretches read last, oldest out first. */
class RecentBytes {
  readonly #held: { span: FileSpan; bytes: Uint8Array }[] = [];
  #total = 0;

  put(span: FileSpan, bytes: Uint8Array): void {
    this.#held.push({ span, bytes });
    this.#total += bytes.length;
    while (this.#total > rememberedBytes) this.#total -= this.#held.shift()?.bytes.length ?? this.#total;
  }

  get({ path, start, end }: FileSpan): Uint8Array | null {
    const out = new Uint8Array(end - start);
    let at = start;
    while (at < end) {
      const found = this.#held.findLast(
        ({ span }) => span.path === path && span.start <= at && at < span.end,
      );
      if (found === undefined) return null;
      const stop = Math.min(end, found.span.end);
      out.set(found.bytes.subarray(at - found.span.start, stop - found.span.start), at - start);
      at = stop;
    }
    return out;
  }
}
