import { createHash, randomBytes } from "node:crypto";
import {
  base64,
  consistencyProof,
  ed25519PublicKey,
  ed25519Sign,
  encodeBundle,
  formatCheckpoint,
  formatLeaf,
  formatNote,
  formatProof,
  formatVerifierKey,
  growTiles,
  hex,
  inclusionProof,
  type LeafKind,
  leafHash,
  pae,
  parseTilePath,
  type ReadTile,
  rootOfHashes,
  signatureTypes,
  signNote,
  spkiOf,
  statementMediaType,
  utf8,
} from "@/lib/engine/log";
import type { FetchPublic } from "@/lib/engine/log/monitor";
import { canonical } from "@/lib/engine/log/strict-json";

const sha256 = (...parts: Uint8Array[]) =>
  new Uint8Array(createHash("sha256").update(Buffer.concat(parts)).digest());

export interface MemoryKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly spki: Uint8Array;
}

export function memoryKey(): MemoryKey {
  const seed = new Uint8Array(randomBytes(32));
  const publicKey = ed25519PublicKey(seed);
  return { seed, publicKey, spki: spkiOf(publicKey) };
}

interface Act {
  readonly kind: LeafKind;
  readonly predicate?: Readonly<Record<string, unknown>>;
  readonly subject?: string;
  readonly key?: MemoryKey;
  /** Text of a payload that the statement cites; null: none. */
  readonly text?: string | null;
}

/**
 * A log in memory, served as a site serves its own: whatever a cheat wants to change is a field. Acts are added, then
 * sealed under a signed checkpoint.
 */
export class MemoryLog {
  origin = "ledger.example/log";
  keys = { log: memoryKey(), site: memoryKey(), moderator: memoryKey() };
  /** All log keys that /log/vkey names, the newest first. */
  named: MemoryKey[] = [this.keys.log];
  /** Those that sign checkpoints. */
  signing: MemoryKey[] = [this.keys.log];
  entries: Uint8Array[] = [];
  readonly signers: (Uint8Array | null)[] = [];
  readonly blobs = new Map<string, Uint8Array>();
  readonly redacted = new Set<string>();
  /** Payload of the actor's name, by entry. */
  readonly names: (string | null)[] = [];
  readonly paes: string[] = [];
  checkpoint = new Uint8Array(0);
  size = 0;
  /** Entries that name a new key, each with the first checkpoint over it that both keys signed. */
  rotations: { entry: number; both: { size: number; checkpoint: Uint8Array } | null }[] = [];
  /** Answers that stand in for the true ones, by path. */
  readonly instead = new Map<string, { status: number; body: Uint8Array }>();
  readonly requests: string[] = [];
  #tiles = new Map<string, Uint8Array>();

  add(act: Act): number {
    const key = act.key ?? (act.kind === "tombstone" ? this.keys.moderator : this.keys.site);
    const salt = new Uint8Array(randomBytes(32));
    const name = act.text === null ? null : this.#payload(act.text ?? `竹里 ${this.entries.length}`);
    const statement = utf8(
      canonical({
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: "test", digest: { sha256: act.subject ?? "cd".repeat(32) } }],
        predicateType: `urn:slipmark:statement:${act.kind}:v1`,
        predicate: { ...act.predicate, salt: hex(salt), actor: { role: "site", name } },
      }),
    );
    const encoding = pae(statementMediaType, statement);
    const digest = sha256(encoding);
    this.blobs.set(hex(digest), encoding);
    const index = this.entries.length;
    this.entries.push(
      formatLeaf({
        key: sha256(salt, key.spki),
        kind: act.kind,
        pae: digest,
        sig: ed25519Sign(encoding, key.seed),
        t: new Date(Date.UTC(2026, 2, 1) + index).toISOString(),
      }),
    );
    this.signers.push(key.spki);
    this.names.push(name?.slice("sha256:".length) ?? null);
    this.paes.push(hex(digest));
    return index;
  }

  /** Acts of one sort, for length. */
  grow(count: number, text: string | null = null): this {
    for (let at = 0; at < count; at += 1) this.add({ kind: "commit", text });
    return this;
  }

  /** Leaves alone, for length: nothing stands behind them and nobody signed them. */
  pad(count: number): this {
    for (let at = 0; at < count; at += 1) {
      const index = this.entries.length;
      const [key, pae, sig] = [32, 32, 64].map((size) => new Uint8Array(randomBytes(size)));
      const t = new Date(Date.UTC(2026, 2, 1) + index).toISOString();
      this.entries.push(formatLeaf({ kind: "commit", key: key!, pae: pae!, sig: sig!, t }));
      this.signers.push(null);
      this.names.push(null);
      this.paes.push("");
    }
    return this;
  }

  /** Takes the statement and payload of an entry away, as a redaction does; the tombstone comes apart. */
  erase(index: number): void {
    for (const sha of [this.paes[index], this.names[index]]) {
      if (sha == null) continue;
      this.blobs.delete(sha);
      this.redacted.add(sha);
    }
  }

  bury(index: number, changes: Partial<Act> = {}): number {
    return this.add({
      kind: "tombstone",
      subject: this.paes[index] ?? "",
      predicate: { index, scope: "entry", reason: "privacy", authority: "ab".repeat(32) },
      ...changes,
    });
  }

  /** A new log key and the entry that names it; both sign from here on. */
  rotate(): MemoryKey {
    const next = memoryKey();
    const entry = this.add({
      kind: "rotate",
      predicate: {
        role: "log",
        previous: hex(sha256(this.keys.log.spki)),
        next: hex(sha256(next.spki)),
      },
    });
    this.named = [next, ...this.named];
    this.signing = [next, this.keys.log];
    this.keys = { ...this.keys, log: next };
    this.rotations.push({ entry, both: null });
    return next;
  }

  seal(size = this.entries.length): this {
    const hashes = this.entries.slice(0, size).map(leafHash);
    const { tiles } = growTiles({ size: 0, edge: new Map(), leaves: hashes });
    this.#tiles = new Map(tiles.map(({ level, index, bytes }) => [`${level}/${index}`, bytes]));
    this.sign(size, rootOfHashes(hashes));
    return this;
  }

  sign(size: number | string, root: Uint8Array): void {
    this.size = Number(size);
    const body =
      typeof size === "string"
        ? `${this.origin}\n${size}\n${base64(root)}\n`
        : formatCheckpoint({ origin: this.origin, size, root });
    const lines = this.signing.map(({ seed, publicKey }) =>
      signNote(body, { name: this.origin, publicKey, sign: (message) => ed25519Sign(message, seed) }),
    );
    this.checkpoint = new Uint8Array(utf8(formatNote(body, lines)));
    if (lines.length > 1)
      for (const rotation of this.rotations)
        if (rotation.entry < this.size) rotation.both ??= { size: this.size, checkpoint: this.checkpoint };
  }

  vkeys(): string[] {
    return this.named.map(({ publicKey }) => formatVerifierKey(this.origin, signatureTypes.note, publicKey));
  }

  readonly fetch: FetchPublic = async (path) => {
    this.requests.push(path);
    const body = this.instead.get(path) ?? (await this.#answer(path));
    return body instanceof Uint8Array
      ? { status: 200, body }
      : (body ?? { status: 404, body: new Uint8Array(0) });
  };

  async #answer(path: string): Promise<Uint8Array | { status: number; body: Uint8Array } | null> {
    if (path === "/log/checkpoint") return this.checkpoint.length === 0 ? null : this.checkpoint;
    if (path === "/log/vkey")
      return utf8(
        this.vkeys()
          .map((key) => `${key}\n`)
          .join(""),
      );
    const blob = /^\/api\/v1\/blobs\/sha256\/([0-9a-f]{64})$/.exec(path)?.[1];
    if (blob !== undefined)
      return this.redacted.has(blob)
        ? { status: 410, body: new Uint8Array(0) }
        : (this.blobs.get(blob) ?? null);
    if (path === "/api/v1/entries?kind=rotate&order=oldest&limit=100") {
      const items = this.rotations.map(({ entry }) => ({ index: entry, kind: "rotate" }));
      return utf8(JSON.stringify({ items, next: null }));
    }
    const entry = /^\/api\/v1\/entries\/(\d+)$/.exec(path)?.[1];
    if (entry !== undefined) {
      const spki = this.signers[Number(entry)];
      const signer = spki == null ? null : { publicKey: pemOf(spki) };
      return utf8(JSON.stringify({ signer }));
    }
    const proof = /^\/log\/entry\/(\d+)\.tlog-proof$/.exec(path)?.[1];
    if (proof !== undefined) {
      const over = this.rotations.find(({ entry }) => entry === Number(proof))?.both ?? this;
      const hashes = await inclusionProof(Number(proof), over.size, this.#readTile);
      const checkpoint = new TextDecoder().decode(over.checkpoint);
      return utf8(formatProof({ index: Number(proof), hashes, checkpoint }));
    }
    const sizes = /^\/log\/consistency\?old=(\d+)&new=(\d+)$/.exec(path);
    if (sizes !== null) {
      const [old, size] = [Number(sizes[1]), Number(sizes[2])];
      const consistency = (await consistencyProof(old, size, this.#readTile)).map(base64);
      return utf8(JSON.stringify({ old, new: size, consistency }));
    }
    const tile = path.startsWith("/log/") ? parseTilePath(path.slice(5)) : null;
    if (tile === null) return null;
    if (tile.level === "entries") {
      const start = tile.index * 256;
      if (start + tile.width > this.size) return null;
      // As C2SP allows: partial tiles are gone once the full one is there.
      if (tile.width < 256 && start + 256 <= this.size) return null;
      return encodeBundle(this.entries.slice(start, start + tile.width));
    }
    const bytes = this.#tiles.get(`${tile.level}/${tile.index}`);
    if (bytes === undefined || bytes.length < tile.width * 32) return null;
    if (tile.width < 256 && bytes.length === 8192) return null;
    return bytes.subarray(0, tile.width * 32);
  }

  readonly #readTile: ReadTile = async ({ level, index, width }) =>
    (this.#tiles.get(`${level}/${index}`) ?? new Uint8Array(0)).subarray(0, width * 32);

  #payload(text: string): string {
    const bytes = utf8(text);
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(bytes.length));
    const preimage = Buffer.concat([Buffer.from("slipmark/payload/v1\n"), randomBytes(32), length, bytes]);
    const digest = hex(sha256(preimage));
    this.blobs.set(digest, new Uint8Array(preimage));
    return `sha256:${digest}`;
  }
}

function pemOf(spki: Uint8Array): string {
  const lines = base64(spki).replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN PUBLIC KEY-----\n${lines}-----END PUBLIC KEY-----\n`;
}
