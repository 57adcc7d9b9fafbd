import { canonicalJson, sha256Hex } from "../formats/canonical-json";

/** SHA-256 of the multiset of shapes, [[shape, count], …]: blind to names and types. Null unless all shapes are known. */
export function structureKey(
  tensors: readonly { readonly shape: readonly number[] | null }[],
): string | null {
  const counts = new Map<string, number>();
  for (const { shape } of tensors) {
    if (shape === null) return null;
    const key = shape.join("×");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256Hex(canonicalJson(rows));
}
