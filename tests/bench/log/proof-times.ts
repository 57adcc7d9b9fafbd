import { createHash, randomInt } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { growTiles, parseProof, type TileEdge, verifyInclusion } from "@/lib/engine/log";
import { tileFile, tileReader } from "@/lib/ledger/log/log-files";
import { proofOf } from "@/lib/ledger/log/read";
import { folderFiles } from "@/lib/platform/blobs/named-files";
import { quantile } from "./place";

/** Proofs of random entries from the published tiles of a folder, nothing kept between them. */
export async function proofTimes(folder: string, leaves: number) {
  let tree: { size: number; edge: TileEdge; root: Uint8Array } = {
    size: 0,
    edge: new Map(),
    root: new Uint8Array(),
  };
  const leafOf = (index: number) => new Uint8Array(createHash("sha256").update(String(index)).digest());
  while (tree.size < leaves) {
    const count = Math.min(65_536, leaves - tree.size);
    const grown = growTiles({
      ...tree,
      leaves: Array.from({ length: count }, (_, at) => leafOf(tree.size + at)),
    });
    for (const { level, index, bytes } of grown.tiles) {
      const path = join(folder, tileFile({ level, index, width: bytes.length / 32 }));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
    tree = grown;
  }
  const read = tileReader(folderFiles(folder));
  const note = `localhost/bench-log\n${leaves}\n${Buffer.from(tree.root).toString("base64")}\n\n— x AAAAAAA=\n`;
  const times: number[] = [];
  for (let round = 0; round < 500; round += 1) {
    const index = randomInt(leaves);
    const start = performance.now();
    const proof = await proofOf({ size: leaves, note }, index, read);
    times.push(performance.now() - start);
    verifyInclusion({
      index,
      size: leaves,
      leafHash: leafOf(index),
      proof: parseProof(proof ?? "").hashes,
      root: tree.root,
    });
  }
  return { medianMs: quantile(times, 0.5), p95Ms: quantile(times, 0.95) };
}
