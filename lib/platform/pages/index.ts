import type { Database, Transaction } from "@/lib/platform/database";
import { notify } from "@/lib/platform/notify";

export const pagesChannel = "slipmark_pages";

/**
 * Tells every site process, when the transaction commits, that public pages changed.
 * Paths are free of the locale: "/cases/SLP-2026-0001".
 */
export async function pagesChanged(tx: Database | Transaction, paths: readonly string[]): Promise<void> {
  const unique = [...new Set(paths)];
  for (const path of unique) if (!path.startsWith("/")) throw new TypeError(`not a path: ${path}`);
  // 40 paths of ordinary length stay far below the limit of one notification.
  for (let at = 0; at < unique.length; at += 40)
    await notify(tx, pagesChannel, JSON.stringify(unique.slice(at, at + 40)));
}
