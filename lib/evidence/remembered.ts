import { createHash } from "node:crypto";
import { onForget } from "@/lib/platform/pages/forget";

/** Characters kept by each remembered function of a process. */
const mostKept = 8_000_000;

/**
 * Remembers what a pure function made of its texts, the longest unused forgotten first. A version of a text never
 * changes, and rendering one that was written to be slow must cost this process once, not with every reader.
 */
export function remembered<Texts extends readonly string[], Made>(
  make: (...texts: Texts) => Made,
  sizeOf: (made: Made) => number,
  most = mostKept,
): (...texts: Texts) => Made {
  const kept = new Map<string, { readonly made: Made; readonly size: number }>();
  let total = 0;
  onForget(() => {
    kept.clear();
    total = 0;
  });
  return (...texts) => {
    const key = createHash("sha256").update(JSON.stringify(texts)).digest("base64");
    const known = kept.get(key);
    if (known !== undefined) {
      kept.delete(key);
      kept.set(key, known);
      return known.made;
    }
    const made = make(...texts);
    const size = sizeOf(made);
    kept.set(key, { made, size });
    total += size;
    for (const [oldest, { size: freed }] of kept) {
      if (total <= most) break;
      kept.delete(oldest);
      total -= freed;
    }
    return made;
  };
}
