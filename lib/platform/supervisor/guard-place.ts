import { isAbsolute, relative, sep } from "node:path";
import type { Environment } from "@/lib/platform/env";

/**
 * What to say at the start when the log's guard lies in the folder of the embedded database: a snapshot of that folder
 * that is put back takes the guard back, too, and then nothing here notices that the log would grow a second time.
 * Null when they are apart.
 */
export function aboutGuardPlace(
  settings: Pick<Environment, "DATABASE_URL" | "SLIPMARK_DATA" | "SLIPMARK_LOG_GUARD">,
): string | null {
  const { SLIPMARK_DATA: folder, SLIPMARK_LOG_GUARD: guard } = settings;
  const way = relative(folder, guard);
  if (settings.DATABASE_URL !== undefined || way.split(sep)[0] === ".." || isAbsolute(way)) return null;
  return (
    `the log's guard ${guard} lies beside the database: putting back a snapshot of ${folder} takes the guard back, too, ` +
    "and the log could fork unnoticed. Set SLIPMARK_LOG_GUARD to a file elsewhere (docs/OPERATIONS.md, Backup and restore)"
  );
}
