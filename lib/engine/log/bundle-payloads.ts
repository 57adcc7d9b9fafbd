import { sha256 } from "@noble/hashes/sha2.js";
import { type BundleFiles, refused } from "./bundle-files";
import { equal, hex, utf8 } from "./bytes";
import { strictJson } from "./strict-json";

const label = utf8("slipmark/payload/v1\n");

/** Hex digests of the payloads that a statement cites: every "sha256:…" in its predicate. */
export function citedPayloads(statement: unknown): ReadonlySet<string> {
  const cited = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === "string") {
      const digest = /^sha256:([0-9a-f]{64})$/.exec(value)?.[1];
      if (digest !== undefined) cited.add(digest);
    } else if (typeof value === "object" && value !== null) {
      for (const one of Object.values(value)) look(one);
    }
  };
  look((statement as { readonly predicate?: unknown }).predicate);
  return cited;
}

/** Everything that the statement cites is here unchanged, unless it was redacted; and nothing else. */
export function checkPayloads(files: BundleFiles, payload: Uint8Array, gone: readonly string[]): string {
  const cited = citedPayloads(strictJson(payload));
  let here = 0;
  for (const [name, bytes] of files) {
    if (!name.startsWith("payloads/")) continue;
    const digest = name.slice("payloads/".length);
    if (!cited.has(digest)) throw refused(name, "is not cited by the statement");
    if (hex(sha256(bytes)) !== digest) throw refused(name, "its bytes were changed: the hash is another");
    if (!isPreimage(bytes)) throw refused(name, "is not a payload");
    here += 1;
  }
  for (const digest of cited)
    if (!files.has(`payloads/${digest}`) && !gone.includes(digest))
      throw refused(`payloads/${digest}`, "is missing");
  return `${here}/${cited.size}`;
}

/** "slipmark/payload/v1\n" ‖ 32 bytes of salt ‖ u64be(length) ‖ bytes. */
export function isPreimage(bytes: Uint8Array): boolean {
  const head = label.length + 40;
  if (bytes.length < head || !equal(bytes.subarray(0, label.length), label)) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset + head - 8, 8).getBigUint64(0);
  return length === BigInt(bytes.length - head);
}
