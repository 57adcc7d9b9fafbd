import { canonicalJson, sha256Hex } from "../formats/canonical-json";
import type { ListedFile, PinnedRelease } from "../io/source/release";
import type { ChunkPart, UnitResult } from "../kernels/unit";

/**
 * Keeps what a pass found of each unit (two leaves of each tensor looked at together), so that a pass that was stopped
 * goes on where it was. A store that loses entries, or hands out damaged ones, costs time and changes nothing.
 */
export interface LeafStore {
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, value: Uint8Array): Promise<void>;
}

/** Changes with every change of a kernel's bits or of a unit's meaning. */
const kernelVersion = "slipmark/unit/1";

/** A key of everything a unit's result follows from; null where a file's content has no name. */
export function unitKey(facts: readonly unknown[]): string | null {
  return facts.includes(null) ? null : sha256Hex(canonicalJson([kernelVersion, ...facts] as never));
}

/** What a file holds, by its listing: LFS SHA-256, else git id. */
export function contentName(release: PinnedRelease, path: string): string | null {
  const file: ListedFile | undefined = release.files.find((one) => one.path === path);
  return file?.lfsSha256 ?? file?.gitOid ?? null;
}

/** SHA-256 of the rest, then counts and numbers, little-endian. */
export function encodeUnit(result: UnitResult): Uint8Array {
  const parts: Uint8Array[] = [];
  const count = (value: number) => parts.push(new Uint8Array(Uint32Array.of(value).buffer));
  const put = (values: Uint8Array | Float32Array | Float64Array) => {
    count(values.length);
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
  count(result.sources.length);
  for (const { leaves, parts: chunks } of result.sources) {
    put(leaves);
    count(chunks.length);
    for (const { moments, squares, sketch } of chunks) {
      put(moments);
      put(squares ?? new Float64Array());
      put(sketch);
    }
  }
  count(result.pairs.length);
  for (const pair of result.pairs) put(pair);
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(sha256Hex(body), "hex"), body]);
}

/** Null for anything that `encodeUnit` did not make. */
export function decodeUnit(value: Uint8Array): UnitResult | null {
  // A copy of its own: a Buffer cut in place would share its memory with others.
  const body = Uint8Array.from(value.subarray(32));
  if (value.length < 32 || sha256Hex(body) !== Buffer.from(value.subarray(0, 32)).toString("hex"))
    return null;
  const view = new DataView(body.buffer);
  let at = 0;
  const count = () => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const take = (width: number) => {
    const length = count() * width;
    at += length;
    return body.slice(at - length, at);
  };
  const f64 = () => new Float64Array(take(8).buffer);
  const list = <T>(make: () => T) => Array.from({ length: count() }, make);
  const part = (): ChunkPart => {
    const moments = f64();
    const squares = f64();
    return {
      moments,
      squares: squares.length === 0 ? null : squares,
      sketch: new Float32Array(take(4).buffer),
    };
  };
  return {
    sources: list(() => ({ leaves: take(1), parts: list(part) })),
    pairs: list(f64),
  };
}
