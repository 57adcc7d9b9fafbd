import { readAddedTokens } from "../../formats/tokenizer-files";
import type { MethodInput } from "../method";
import type { AddedTokenStatistics, OwnTokenStatistics } from "./schema";

type Tokens = ReadonlyMap<number, string>;

const maxListed = 256;

/** Added tokens of both sides against each other, and against the ancestors whose tokens can be read. */
export async function addedTokenStatistics({ original, suspect, ancestors, signal }: MethodInput): Promise<{
  readonly added: AddedTokenStatistics | null;
  readonly own: OwnTokenStatistics | null;
}> {
  const [a, b] = [await readAddedTokens(original, signal), await readAddedTokens(suspect, signal)];
  if (a.state !== "read" || b.state !== "read") return { added: null, own: null };
  const older: Tokens[] = [];
  for (const ancestor of ancestors) {
    const read = await readAddedTokens(ancestor, signal);
    if (read.state === "read") older.push(read.value);
  }
  return {
    added: { files: { original: a.path, suspect: b.path }, ...compareTokens(a.value, b.value) },
    own: older.length === 0 ? null : ownTokens(a.value, b.value, older),
  };
}

function compareTokens(a: Tokens, b: Tokens): Omit<AddedTokenStatistics, "files"> {
  const idsA = idsOf(a);
  const idsB = idsOf(b);
  const moved = [...idsA]
    .filter(([token, id]) => idsB.has(token) && b.get(id) !== token)
    .map(([token, id]) => ({ token, original: id, suspect: idsB.get(token) as number }))
    .filter(({ token, suspect }) => a.get(suspect) !== token);
  const redefined = [...a]
    .filter(([id, token]) => b.has(id) && b.get(id) !== token)
    .map(([id, token]) => ({ id, original: token, suspect: b.get(id) as string }));
  return {
    tokens: { original: a.size, suspect: b.size },
    same: [...a].filter(([id, token]) => b.get(id) === token).length,
    moved: moved.sort((x, y) => x.original - y.original).slice(0, maxListed),
    redefined: redefined.sort((x, y) => x.id - y.id).slice(0, maxListed),
    onlyOriginal: [...idsA.keys()].filter((token) => !idsB.has(token)).length,
    onlySuspect: [...idsB.keys()].filter((token) => !idsA.has(token)).length,
  };
}

/**
 * Tokens that a side defined itself: no ancestor has that content at that id. "Redefined" where some ancestor has the
 * id, "added" where none has. Shared = both sides define the id alike.
 */
function ownTokens(a: Tokens, b: Tokens, older: readonly Tokens[]): OwnTokenStatistics {
  const isOwn = (id: number, token: string | undefined) =>
    token !== undefined && !older.some((tokens) => tokens.get(id) === token);
  const before = (id: number) => older.find((tokens) => tokens.has(id))?.get(id) ?? null;
  const ids = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => x - y);
  const redefined = { original: 0, suspect: 0, shared: 0 };
  const added = { original: 0, suspect: 0, shared: 0 };
  const tokens: OwnTokenStatistics["tokens"] = [];
  for (const id of ids) {
    const [mine, theirs] = [a.get(id), b.get(id)];
    const own = { original: isOwn(id, mine), suspect: isOwn(id, theirs) };
    if (!own.original && !own.suspect) continue;
    const ancestor = before(id);
    const counts = ancestor === null ? added : redefined;
    if (own.original) counts.original += 1;
    if (own.suspect) counts.suspect += 1;
    if (own.original && mine === theirs) counts.shared += 1;
    tokens.push({ id, ancestor, original: mine ?? null, suspect: theirs ?? null });
  }
  return { ancestorsRead: older.length, redefined, added, tokens: tokens.slice(0, maxListed) };
}

// A content listed twice counts under its lowest id.
function idsOf(tokens: Tokens): Map<string, number> {
  const ids = new Map<string, number>();
  for (const [id, token] of [...tokens].sort(([x], [y]) => x - y)) if (!ids.has(token)) ids.set(token, id);
  return ids;
}
