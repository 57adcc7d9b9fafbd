import { createHash } from "node:crypto";

const node = (left: Buffer, right: Buffer) =>
  createHash("sha256").update(Buffer.of(1)).update(left).update(right).digest();

/**
 * RFC 9162, section 2.1.4.2, written for the test witness alone: it must not share a mistake with lib/engine/log.
 * Sizes as bigint, so that shifting is exact.
 */
export function isConsistent(
  first: bigint,
  firstRoot: Buffer,
  second: bigint,
  secondRoot: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  if (first === 0n) return proof.length === 0;
  if (first > second || proof.length === 0) return false;
  const isPower = (first & (first - 1n)) === 0n;
  const path = isPower ? [firstRoot, ...proof] : [...proof];
  let fn = first - 1n;
  let sn = second - 1n;
  while (fn & 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let [fr, sr] = [path[0] as Buffer, path[0] as Buffer];
  for (const c of path.slice(1)) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      fr = node(c, fr);
      sr = node(c, sr);
      while (!(fn & 1n) && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else sr = node(sr, c);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && fr.equals(firstRoot) && sr.equals(secondRoot);
}
