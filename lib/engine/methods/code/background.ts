import { backgroundBytes } from "../../io/grammars/grammar-bytes";
import { hashText } from "./tokens";

/**
 * What is common in code that has nothing to do with any case: of every run of structure tokens (grams.ts) and of
 * every name, in how many unrelated packages it occurs. Nothing but 32-bit hashes and counts, rounded down to powers
 * of two; no text of anybody's is in it or can be recovered from it. Made by `npm run code:background` (see
 * tests/bench/code-background.ts, which names the sources) and committed as background.bin.
 *
 * File: the eight bytes "SLPMCBG1"; then twice (runs, names): a 32-bit little-endian count n, n ascending hashes as
 * LEB128 differences, n classes c, two in a byte, low half first; a hash of class c occurs in 2^c … 2^(c+1) − 1 packages.
 */
export interface Background {
  /** Packages that have the run, at least; 0 for none known. */
  runs(hash: number): number;
  /** Packages that have the name; 0 for none known. */
  names(text: string): number;
}

const magic = "SLPMCBG1";
let loaded: Promise<Background> | null = null;

export function loadBackground(): Promise<Background> {
  loaded ??= backgroundBytes().then(decodeBackground);
  return loaded;
}

export function decodeBackground(bytes: Uint8Array): Background {
  if (new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) throw new Error("Not a background corpus");
  const runs = section(bytes, 8);
  const names = section(bytes, runs.end);
  return { runs: runs.look, names: (text) => names.look(hashText(text)) };
}

export function encodeBackground(
  runs: ReadonlyMap<number, number>,
  names: ReadonlyMap<number, number>,
): Uint8Array {
  const parts: number[] = [...new TextEncoder().encode(magic)];
  for (const counts of [runs, names]) {
    const hashes = [...counts.keys()].sort((a, b) => a - b);
    for (const shift of [0, 8, 16, 24]) parts.push((hashes.length >>> shift) & 0xff);
    let last = 0;
    for (const hash of hashes) {
      let step = hash - last;
      last = hash;
      while (step > 0x7f) {
        parts.push((step & 0x7f) | 0x80);
        step = Math.floor(step / 128);
      }
      parts.push(step);
    }
    const classes = hashes.map((hash) => Math.min(15, 31 - Math.clz32(counts.get(hash) as number)));
    for (let i = 0; i < classes.length; i += 2)
      parts.push((classes[i] as number) | ((classes[i + 1] ?? 0) << 4));
  }
  return Uint8Array.from(parts);
}

/** One section as an open-addressed table of hash and class. */
function section(bytes: Uint8Array, from: number): { look: (hash: number) => number; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(from, true);
  const hashes = new Uint32Array(count);
  let at = from + 4;
  let last = 0;
  for (let i = 0; i < count; i++) {
    let [step, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++] as number;
      step += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) break;
    }
    last += step;
    hashes[i] = last;
  }
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, count * 2)));
  const keys = new Uint32Array(size);
  const counts = new Uint16Array(size);
  for (let i = 0; i < count; i++) {
    const packed = bytes[at + (i >> 1)] as number;
    let slot = (hashes[i] as number) & (size - 1);
    while (counts[slot] !== 0) slot = (slot + 1) & (size - 1);
    keys[slot] = hashes[i] as number;
    counts[slot] = 2 ** (i % 2 === 0 ? packed & 15 : packed >> 4);
  }
  return {
    end: at + Math.ceil(count / 2),
    look(hash) {
      let slot = hash & (size - 1);
      while (counts[slot] !== 0) {
        if (keys[slot] === hash) return counts[slot] as number;
        slot = (slot + 1) & (size - 1);
      }
      return 0;
    },
  };
}
