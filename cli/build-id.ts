import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

declare const SLIPMARK_BUNDLED: boolean | undefined;
declare const SLIPMARK_VERSION: string | undefined;

/** SHA-256 of this very bundle: results name the build that made them. Null when run from source files. */
export function ownBuild(): string | null {
  if (typeof SLIPMARK_BUNDLED === "undefined") return null;
  return createHash("sha256")
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest("hex");
}

export const version = typeof SLIPMARK_VERSION === "undefined" ? "source" : SLIPMARK_VERSION;
