import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet } from "@/lib/platform/database/generated/client";

export interface DeclaredOrigin {
  readonly base?: string;
  readonly vendor?: string;
  readonly corpus?: string;
}

/**
 * Where a model comes from: what was said with its answers; else the base that its own card names and the namespace that
 * published it, so that nobody hides a common one by leaving it out.
 */
export async function originOf(db: Database, row: CanaryAnswerSet): Promise<DeclaredOrigin> {
  const release =
    row.releaseId === null ? null : await db.release.findUnique({ where: { id: row.releaseId } });
  const capture =
    release === null
      ? null
      : await db.capture.findFirst({
          where: { releaseId: release.id },
          orderBy: { observedAt: "asc" },
          select: { declared: true },
        });
  const { baseModels } = (capture?.declared ?? {}) as { baseModels?: unknown };
  const named = Array.isArray(baseModels) ? baseModels.find((one) => typeof one === "string") : undefined;
  const base = row.base ?? named;
  const vendor = row.vendor ?? release?.repository.split("/")[0];
  return {
    ...(base ? { base: plain(base) } : {}),
    ...(vendor ? { vendor: plain(vendor) } : {}),
    ...(row.corpus ? { corpus: plain(row.corpus) } : {}),
  };
}

/** What two have in common; null for nothing. */
export function shared(one: DeclaredOrigin, other: DeclaredOrigin): DeclaredOrigin | null {
  const common = (["base", "vendor", "corpus"] as const).filter(
    (key) => one[key] !== undefined && one[key] === other[key],
  );
  return common.length === 0 ? null : Object.fromEntries(common.map((key) => [key, one[key]]));
}

/** Names are compared without capitals and outer space, as the Hub does. */
const plain = (name: string) => name.normalize("NFC").trim().toLowerCase();
