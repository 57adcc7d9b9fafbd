import { baseName, byCodeUnit } from "../../formats/metadata-files";
import type { ListedFile, PinnedRelease } from "../../io/source/release";
import type { EqualFile } from "./schema";

const emptyBlob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
const housekeeping = /^(?:\.git\w*|\.DS_Store|LICEN[CS]E.*|NOTICE.*|COPYING.*|__init__\.py)$/i;

/** The content hash a listing states: of the content itself for LFS files, else the git blob id. */
export function contentKey(file: ListedFile): { by: "git-blob" | "lfs-sha256"; hash: string } | null {
  if (file.lfsSha256 !== null) return { by: "lfs-sha256", hash: file.lfsSha256 };
  return file.gitOid === null ? null : { by: "git-blob", hash: file.gitOid };
}

export function contentKeys(releases: readonly PinnedRelease[]): Set<string> {
  const keys = releases.flatMap((release) => release.files.map((file) => contentKey(file)?.hash));
  return new Set(keys.filter((hash) => hash !== undefined));
}

export function isCommon(file: ListedFile): boolean {
  return file.size === 0 || file.gitOid === emptyBlob || housekeeping.test(baseName(file.path));
}

/**
 * Files of both sides with equal content, known from the listings. Each file of a side is paired at most once:
 * with its namesake by path, else by base name, else with the first left over, in code-unit order.
 */
export function equalFiles(
  original: PinnedRelease,
  suspect: PinnedRelease,
  ancestors: readonly PinnedRelease[],
): EqualFile[] {
  const inAncestors = contentKeys(ancestors);
  const others = Map.groupBy(suspect.files, (file) => contentKey(file)?.hash ?? "");
  const mine = Map.groupBy(original.files, (file) => contentKey(file)?.hash ?? "");
  const result: EqualFile[] = [];
  for (const [hash, files] of mine) {
    if (hash === "") continue;
    for (const [a, b] of pair(files, others.get(hash) ?? [])) {
      result.push({
        original: a.path,
        suspect: b.path,
        by: contentKey(a)?.by ?? "git-blob",
        hash,
        size: a.size ?? b.size,
        samePath: a.path === b.path,
        common: isCommon(a) || isCommon(b),
        inAncestor: inAncestors.has(hash),
      });
    }
  }
  return result.sort((a, b) => byCodeUnit(a.original, b.original) || byCodeUnit(a.suspect, b.suspect));
}

function pair(mine: readonly ListedFile[], others: readonly ListedFile[]): [ListedFile, ListedFile][] {
  const pairs: [ListedFile, ListedFile][] = [];
  let [left, right] = [sorted(mine), sorted(others)];
  for (const keyOf of [
    (file: ListedFile) => file.path,
    (file: ListedFile) => baseName(file.path),
    () => "",
  ]) {
    const waiting = Map.groupBy(right.toReversed(), keyOf);
    const taken = new Set<ListedFile>();
    for (const a of left) {
      const b = waiting.get(keyOf(a))?.pop();
      if (b === undefined) continue;
      taken.add(a).add(b);
      pairs.push([a, b]);
    }
    [left, right] = [left.filter((file) => !taken.has(file)), right.filter((file) => !taken.has(file))];
  }
  return pairs;
}

function sorted(files: readonly ListedFile[]): ListedFile[] {
  return [...files].sort((a, b) => byCodeUnit(a.path, b.path));
}
