import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { growTiles } from "@/lib/engine/log/grow-tiles";
import type { Database } from "@/lib/platform/database";

interface Signer {
  readonly spki: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array): Buffer;
}

export interface SealingKeys {
  readonly origin: string;
  readonly log: Signer;
  readonly site: Signer;
  readonly witness: Signer & { readonly name: string; readonly verifierKey: string };
}

export const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

function signer(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const spki = (key: KeyObject) => new Uint8Array(key.export({ type: "spki", format: "der" }) as Buffer);
  return { spki: spki(publicKey), sign: (message) => sign(null, message, privateKey) };
}

export function sealingKeys(origin = "ledger.example/log"): SealingKeys {
  const witness = signer();
  const name = "witness.example/w1";
  return {
    origin,
    log: signer(),
    site: signer(),
    witness: {
      ...witness,
      name,
      verifierKey: `${name}+${keyId(name, 4, witness.spki)}+${Buffer.concat([Buffer.of(4), witness.spki.subarray(-32)]).toString("base64")}`,
    },
  };
}

const keyId = (name: string, type: number, spki: Uint8Array) =>
  sha256(Buffer.from(`${name}\n`), Buffer.of(type), spki.subarray(-32))
    .toString("hex")
    .slice(0, 8);

const line = (name: string, id: string, signature: Uint8Array) =>
  `— ${name} ${Buffer.concat([Buffer.from(id, "hex"), signature]).toString("base64")}`;

/**
 * Appends everything that waits, as the sequencer would, and publishes a signed checkpoint: for tests of what is shown
 * of a log, which need one but no process that writes it.
 */
export async function sealPending(
  db: Database,
  keys: SealingKeys,
  options: { readonly witnessed?: boolean; readonly publish?: boolean } = {},
): Promise<number> {
  const state = await db.logState.findUnique({ where: { id: 1 } });
  const before = Number(state?.size ?? 0);
  const pending = await db.logPending.findMany({ orderBy: { id: "asc" } });
  if (state === null)
    await db.logKey.createMany({
      data: [
        { role: "log", publicKey: keys.log.spki },
        { role: "site", publicKey: keys.site.spki },
      ],
    });
  const leaves: Buffer[] = [];
  for (const [at, row] of pending.entries()) {
    const body = Buffer.from(row.statement);
    const pae = Buffer.concat([Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${body.length} `), body]);
    const { predicate } = JSON.parse(row.statement) as {
      predicate: Record<string, { salt: string } & string>;
    };
    const salt = predicate.salt ?? predicate["urn:slipmark:statement:verify:v1"]?.salt ?? "";
    const leaf = Buffer.from(
      canonicalJson({
        key: sha256(Buffer.from(salt, "hex"), keys.site.spki).toString("hex"),
        kind: row.kind,
        pae: sha256(pae).toString("hex"),
        sig: keys.site.sign(pae).toString("base64"),
        t: row.t.toISOString(),
        v: 1,
      }),
    );
    leaves.push(leaf);
    const index = BigInt(before + at);
    const { id, dedupKey, kind, about, t, statement, payloads } = row;
    await db.logEntry.create({
      data: {
        index,
        pendingId: id,
        dedupKey,
        kind,
        about,
        leaf: new Uint8Array(leaf),
        pae: sha256(pae).toString("hex"),
        t,
      },
    });
    await db.logStatement.create({ data: { index, statement, publicKey: keys.site.spki, payloads } });
    await db.logPending.delete({ where: { id } });
  }
  const edges = await db.logTile.findMany({ orderBy: [{ level: "asc" }, { index: "asc" }] });
  const grown = growTiles({
    size: before,
    edge: new Map(edges.filter((tile) => tile.bytes.length < 8192).map((tile) => [tile.level, tile.bytes])),
    leaves: leaves.map((leaf) => sha256(Buffer.of(0), leaf)),
  });
  for (const { level, index, bytes } of grown.tiles) {
    const data = { bytes: new Uint8Array(bytes) };
    const place = { level, index: BigInt(index) };
    await db.logTile.upsert({ where: { level_index: place }, create: { ...place, ...data }, update: data });
  }
  const size = BigInt(grown.size);
  const root = new Uint8Array(grown.root);
  await db.logCheckpoint.create({ data: { size, root } });
  const text = `${keys.origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
  const logId = keyId(keys.origin, 1, keys.log.spki);
  const own = keys.log.sign(Buffer.from(text));
  await db.logSignature.create({
    data: { size, signer: "log", name: keys.origin, keyId: logId, line: line(keys.origin, logId, own) },
  });
  if (options.witnessed) {
    const seconds = Buffer.alloc(8);
    const now = Math.floor(Date.now() / 1000);
    seconds.writeBigUInt64BE(BigInt(now));
    const { name } = keys.witness;
    const id = keyId(name, 4, keys.witness.spki);
    const signature = keys.witness.sign(Buffer.from(`cosignature/v1\ntime ${now}\n${text}`));
    await db.logSignature.create({
      data: {
        size,
        signer: "witness",
        name,
        keyId: id,
        time: new Date(now * 1000),
        line: line(name, id, Buffer.concat([seconds, signature])),
      },
    });
  }
  const published = options.publish === false ? (state?.publishedSize ?? 0n) : size;
  const ends = { size, root, publishedSize: published };
  await db.logState.upsert({
    where: { id: 1 },
    create: { id: 1, origin: keys.origin, ...ends },
    update: ends,
  });
  return grown.size;
}
