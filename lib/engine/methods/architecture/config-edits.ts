import { canonicalJson } from "../../formats/canonical-json";
import { bounded, isObject, type JsonObject } from "../../formats/json-shape";
import { byCodeUnit, readJsonMetadata } from "../../formats/metadata-files";
import { malformed } from "../../formats/strict-json";
import type { ReleaseReader } from "../../io/source/release";
import type { Json, MethodInput } from "../method";
import type { ConfigStatistics } from "./schema";

export interface ConfigFile {
  readonly path: string;
  readonly values: JsonObject;
}

/** Every key is listed in a result: published files have about 100, and a list without end is no result. */
const most = { keys: 1_000, keyLength: 200 } as const;

/** config.json of one release; null where it has none, its bytes cannot be had, or nobody could read a list of its keys. */
export async function readConfig(reader: ReleaseReader, signal?: AbortSignal): Promise<ConfigFile | null> {
  const found = await readJsonMetadata(reader, "config.json", signal);
  if (found.state !== "read") return null;
  if (!isObject(found.value)) throw malformed(found.path, "it is not an object");
  const keys = Object.keys(found.value);
  if (keys.length > most.keys || keys.some((key) => key.length > most.keyLength)) return null;
  return { path: found.path, values: found.value };
}

/** The real edit list between both sides' config.json, by top-level key; null unless both can be read. */
export async function configStatistics(
  original: ConfigFile | null,
  suspect: ConfigFile | null,
  { ancestors, signal }: MethodInput,
): Promise<ConfigStatistics | null> {
  if (original === null || suspect === null) return null;
  const older: JsonObject[] = [];
  for (const ancestor of ancestors) {
    const config = await readConfig(ancestor, signal);
    if (config !== null) older.push(config.values);
  }
  const [a, b] = [original.values, suspect.values];
  const common = sortedKeys(a).filter((key) => Object.hasOwn(b, key));
  const renamed = renamedKeys(a, b, older);
  const equal = common.filter((key) => same(a[key], b[key]));
  const only = (mine: JsonObject, other: JsonObject, taken: ReadonlySet<string>) =>
    sortedKeys(mine)
      .filter((key) => !Object.hasOwn(other, key) && !taken.has(key))
      .map((key) => keyed(mine, key));
  return {
    files: { original: original.path, suspect: suspect.path },
    keys: { original: Object.keys(a).length, suspect: Object.keys(b).length },
    equal,
    differ: common
      .filter((key) => !same(a[key], b[key]))
      .map((key) => ({ key, original: bounded(a[key] as Json), suspect: bounded(b[key] as Json) })),
    onlyOriginal: only(a, b, new Set(renamed.map((rename) => rename.original))),
    onlySuspect: only(b, a, new Set(renamed.map((rename) => rename.suspect))),
    renamed,
    beyondAncestors: older.length === 0 ? null : beyondAncestors(a, b, equal, older),
  };
}

function beyondAncestors(
  a: JsonObject,
  b: JsonObject,
  equal: readonly string[],
  older: readonly JsonObject[],
) {
  const isOrdinary = (key: string) => older.some((config) => Object.hasOwn(config, key));
  const own = (config: JsonObject) => sortedKeys(config).filter((key) => !isOrdinary(key));
  const ordinary = (config: JsonObject) => sortedKeys(config).filter(isOrdinary).length;
  return {
    ancestorsRead: older.length,
    ordinary: { original: ordinary(a), suspect: ordinary(b) },
    own: { original: own(a), suspect: own(b) },
    shared: equal.filter((key) => !isOrdinary(key)).map((key) => keyed(a, key)),
  };
}

/**
 * A key counts as renamed only where nothing else would explain it: its value is distinctive, occurs once in each
 * file, stands under keys that the other side lacks, and no ancestor has the other side's key. Never guessed.
 */
function renamedKeys(a: JsonObject, b: JsonObject, older: readonly JsonObject[]) {
  const values = (config: JsonObject) =>
    Map.groupBy(Object.keys(config), (key) => canonicalJson(config[key]));
  const [mine, theirs] = [values(a), values(b)];
  const result: ConfigStatistics["renamed"] = [];
  for (const [value, keys] of mine) {
    const others = theirs.get(value) ?? [];
    const [key, other] = [keys[0], others[0]];
    if (keys.length !== 1 || others.length !== 1 || key === undefined || other === undefined) continue;
    if (Object.hasOwn(b, key) || Object.hasOwn(a, other) || !isDistinctive(a[key] as Json)) continue;
    if (older.some((config) => Object.hasOwn(config, key) || Object.hasOwn(config, other))) continue;
    result.push({ original: key, suspect: other, value: bounded(a[key] as Json) });
  }
  return result.sort((x, y) => byCodeUnit(x.original, y.original));
}

/** Values that two people would hardly choose alike: not flags, small numbers, or powers of two. */
function isDistinctive(value: Json): boolean {
  if (typeof value === "string") return value.length >= 8;
  if (typeof value === "number") {
    const size = Math.abs(value);
    return size >= 32 ? !(Number.isInteger(size) && isPowerOfTwo(size)) : !Number.isInteger(value);
  }
  if (Array.isArray(value)) return value.length >= 3;
  return isObject(value) && Object.keys(value).length >= 2;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (BigInt(value) & (BigInt(value) - 1n)) === 0n;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function sortedKeys(config: JsonObject): string[] {
  return Object.keys(config).sort(byCodeUnit);
}

function keyed(config: JsonObject, key: string) {
  return { key, value: bounded(config[key] as Json) };
}
