import { giveBack } from "./column";

const digits = 2_048;

interface Columns {
  readonly keys: Uint32Array;
  readonly values: Uint32Array;
}

/**
 * Sorts `keys` ascending and `values` along with them, in place and stably: linear whatever the input. Keys and values
 * move together, so that every pass reads both in a row; a digit that all keys share costs no pass.
 */
export function sortTogether(keys: Uint32Array, values: Uint32Array): void {
  const counts = [new Uint32Array(digits), new Uint32Array(digits), new Uint32Array(digits)] as const;
  const [low, middle, high] = counts;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    low[key & 0x7ff]! += 1;
    middle[(key >>> 11) & 0x7ff]! += 1;
    high[key >>> 22]! += 1;
  }
  const spare = { keys: new Uint32Array(keys.length), values: new Uint32Array(keys.length) };
  let from: Columns = { keys, values };
  let to: Columns = spare;
  for (const [pass, count] of counts.entries()) {
    if (!makeStarts(count, keys.length)) continue;
    scatter(from.keys, from.values, to.keys, to.values, count, pass * 11);
    [from, to] = [to, from];
  }
  if (from === spare) {
    keys.set(spare.keys);
    values.set(spare.values);
  }
  giveBack(spare.keys, spare.values);
}

/** Turns how many keys have each digit into where they start; false where all have the same. */
function makeStarts(counts: Uint32Array, all: number): boolean {
  let start = 0;
  for (let digit = 0; digit < digits; digit++) {
    const count = counts[digit] as number;
    if (count === all) return false;
    counts[digit] = start;
    start += count;
  }
  return true;
}

function scatter(
  fromKeys: Uint32Array,
  fromValues: Uint32Array,
  toKeys: Uint32Array,
  toValues: Uint32Array,
  starts: Uint32Array,
  shift: number,
): void {
  for (let i = 0; i < fromKeys.length; i++) {
    const key = fromKeys[i] as number;
    const at = starts[(key >>> shift) & 0x7ff]!++;
    toKeys[at] = key;
    toValues[at] = fromValues[i] as number;
  }
}
