import { nameKey } from "@/lib/engine/canary/judge";
import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet } from "@/lib/platform/database/generated/client";

export interface DeclaredOrigin {
  readonly base?: string;
  readonly vendor?: string;
  readonly corpus?: string;
}

const keys = ["base", "vendor", "corpus"] as const;

/** Everything that is said or was found of where a model comes from. */
export interface ToldOrigin {
  /** Of each kind the one name, where everybody who says something says the same; else nothing. */
  readonly agreed: DeclaredOrigin;
  /** All names that anybody says: what was said with the answers, the cards, our own findings, the publisher. */
  readonly all: Readonly<Record<(typeof keys)[number], readonly string[]>>;
  /** Marks that related models have in common, for families. */
  readonly kin: readonly string[];
}

/** Nobody hides a common origin by leaving it out, nor by stating another: whatever is said stands beside the rest. */
export async function originOf(db: Database, row: CanaryAnswerSet): Promise<ToldOrigin> {
  const release =
    row.releaseId === null ? null : await db.release.findUnique({ where: { id: row.releaseId } });
  const captures =
    release === null
      ? []
      : await db.capture.findMany({
          where: { releaseId: release.id },
          orderBy: { observedAt: "asc" },
          select: { declared: true, files: true },
        });
  const found = release === null ? [] : await detectedBases(db, release.id);
  const all = {
    base: names([row.base, ...captures.flatMap(({ declared }) => basesIn(declared)), ...found]),
    vendor: names([row.vendor, release?.repository.split("/")[0]]),
    corpus: names([row.corpus]),
  };
  const weights = new Set([row.weights, ...captures.flatMap(({ files }) => digestsIn(files))]);
  return {
    agreed: Object.fromEntries(keys.flatMap((key) => (all[key].length === 1 ? [[key, all[key][0]]] : []))),
    all,
    kin: [
      ...all.base.map((name) => `base:${name}`),
      // Whatever is built on this release is of its family.
      ...(release === null ? [] : [`base:${plain(release.repository)}`]),
      ...all.vendor.map((name) => `vendor:${name}`),
      ...[...weights].filter((digest) => digest !== null).map((digest) => `weights:${digest}`),
    ].slice(0, mostKin),
  };
}

const mostKin = 200;

/** What two have in common by anything that is said of either; null for nothing. */
export function shared(one: ToldOrigin, other: ToldOrigin): DeclaredOrigin | null {
  const common = keys.flatMap((key) => {
    const theirs = new Set(other.all[key].map(nameKey));
    const name = one.all[key].find((own) => theirs.has(nameKey(own)));
    return name === undefined ? [] : [[key, name]];
  });
  return common.length === 0 ? null : Object.fromEntries(common);
}

function basesIn(declared: unknown): string[] {
  const { baseModels } = (declared ?? {}) as { readonly baseModels?: unknown };
  return Array.isArray(baseModels) ? baseModels.filter((one) => typeof one === "string") : [];
}

function digestsIn(files: unknown): string[] {
  if (!Array.isArray(files)) return [];
  return files.flatMap(({ lfsSha256 }: { readonly lfsSha256?: unknown }) =>
    typeof lfsSha256 === "string" ? [lfsSha256] : [],
  );
}

/** Releases from which a finished run of this instance found the weights of this one derived. */
async function detectedBases(db: Database, releaseId: string): Promise<string[]> {
  const runs = await db.run.findMany({
    where: {
      inputs: { some: { releaseId, role: "suspect" } },
      result: { is: { redactionId: null } },
    },
    select: {
      result: { select: { document: true } },
      inputs: { where: { role: "original" }, select: { release: { select: { repository: true } } } },
    },
    orderBy: { createdAt: "asc" },
    take: 100,
  });
  return runs
    .filter(({ result }) => relationIn(result?.document) === "derived")
    .flatMap(({ inputs }) => inputs.map(({ release }) => release.repository));
}

function relationIn(document: string | undefined): unknown {
  const told = JSON.parse(document ?? "{}") as { readonly summary?: { readonly relation?: unknown } };
  return told.summary?.relation;
}

/** Distinct names without capitals and outer space, as the Hub compares them, in their order. */
function names(given: readonly (string | null | undefined)[]): string[] {
  const seen = new Map<string, string>();
  for (const name of given) {
    if (!name || plain(name) === "") continue;
    if (!seen.has(nameKey(name))) seen.set(nameKey(name), plain(name));
  }
  return [...seen.values()];
}

const plain = (name: string) => name.normalize("NFC").trim().toLowerCase();
