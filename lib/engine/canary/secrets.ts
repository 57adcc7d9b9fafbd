import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { canonical } from "../log";
import { sha256 } from "../log/hashing";
import { bytesOfHex, concat, fromLongBase64, hex, toLongBase64, u32be, utf8 } from "./bytes";
import { CanaryError } from "./errors";
import { verifyImage } from "./image";
import { type CanaryItem, parseItem } from "./items";
import { strictJsonOf } from "./json-lines";
import { limits } from "./limits";

export const secretsSchemaName = "slipmark.canary-secrets/v1";

/** Everything that only the author has until the reveal, and that the reveal needs. */
export interface SetSecrets {
  readonly seed: string;
  readonly setId: string;
  readonly authorKeyId: string;
  readonly root: string;
  readonly items: readonly CanaryItem[];
  /** Images by their SHA-256 (hex), of every item that has one. */
  readonly images: ReadonlyMap<string, Uint8Array>;
}

export interface SealOptions {
  /** Called with 0 … 1 while the key is derived. */
  readonly onProgress?: (part: number) => void;
  /** log2 of scrypt's N; 17 unless told. */
  readonly logN?: number;
}

const digits = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const cost = { least: 14, usual: 17, most: 20 };

const fileSchema = z.strictObject({
  schema: z.literal(secretsSchemaName),
  setId: digits(16),
  root: digits(32),
  items: z.int().min(1).max(limits.items),
  kdf: z.strictObject({
    name: z.literal("scrypt"),
    logN: z.int().min(cost.least).max(cost.most),
    r: z.literal(8),
    p: z.literal(1),
    salt: digits(16),
  }),
  cipher: z.strictObject({ name: z.literal("xchacha20-poly1305"), nonce: digits(24) }),
  ciphertext: z.string(),
  /** SHA-256 of all the rest in canonical JSON: tells a damaged file from a wrong passphrase. */
  checksum: digits(32),
});
type SecretsFile = z.infer<typeof fileSchema>;

const innerSchema = z.strictObject({
  seed: digits(32),
  setId: digits(16),
  authorKeyId: digits(32),
  root: digits(32),
  /** Each item's canonical JSON. The images follow this document, each once, in the order of first use. */
  items: z.array(z.string()).min(1).max(limits.items),
});

/** Fewest characters of a passphrase. */
export const shortestPassphrase = 12;

/** A new seed (32 bytes) and set id (16 bytes) from the platform's secure random numbers, in hex. */
export function newSetKeys(): { readonly seed: string; readonly setId: string } {
  return { seed: hex(randomBytes(32)), setId: hex(randomBytes(16)) };
}

/**
 * The secrets file: JSON whose contents are encrypted with XChaCha20-Poly1305 under a key that scrypt makes from the
 * passphrase (NFKC, UTF-8). Takes 128 MiB and about a second. Throws CanaryError "weak-passphrase" or "too-large".
 */
export async function sealSecrets(
  secrets: SetSecrets,
  passphrase: string,
  options: SealOptions = {},
): Promise<string> {
  if ([...passphrase].length < shortestPassphrase)
    throw new CanaryError("weak-passphrase", `A passphrase has at least ${shortestPassphrase} characters`);
  const { seed, setId, authorKeyId, root, items } = secrets;
  const inner = utf8(
    canonical({ seed, setId, authorKeyId, root, items: items.map((item) => canonical(item)) }),
  );
  const images = imagesOf(items).map((facts) => {
    const bytes = secrets.images.get(facts.sha256);
    if (bytes === undefined) throw new CanaryError("bad-image", `The image ${facts.sha256} is missing`);
    return bytes;
  });
  const head = {
    schema: secretsSchemaName,
    setId,
    root,
    items: items.length,
    kdf: { name: "scrypt", logN: options.logN ?? cost.usual, r: 8, p: 1, salt: hex(randomBytes(16)) },
    cipher: { name: "xchacha20-poly1305", nonce: hex(randomBytes(24)) },
  } as const;
  const key = await keyOf(head.kdf, passphrase, options);
  const sealed = cipherOf(head, key).encrypt(concat(u32be(inner.length), inner, ...images));
  const body = { ...head, ciphertext: toLongBase64(sealed) };
  return `${canonical({ ...body, checksum: checksumOf(body) })}\n`;
}

/** Which set a secrets file is of, without its passphrase. Throws CanaryError "bad-secrets" or "damaged-secrets". */
export function secretsOf(source: Uint8Array | string): Pick<SecretsFile, "setId" | "root" | "items"> {
  const { setId, root, items } = readFile(source);
  return { setId, root, items };
}

/**
 * Opens a secrets file. Throws CanaryError "bad-secrets" (not such a file), "damaged-secrets" (some of it has changed
 * since it was written) or "wrong-passphrase" (all of it is there and the passphrase does not open it).
 */
export async function openSecrets(
  source: Uint8Array | string,
  passphrase: string,
  options: Pick<SealOptions, "onProgress"> = {},
): Promise<SetSecrets> {
  const file = readFile(source);
  const { ciphertext, checksum: _, ...head } = file;
  const sealed = fromLongBase64(ciphertext);
  if (sealed === null) throw damaged("its ciphertext is not base64");
  const key = await keyOf(file.kdf, passphrase, options);
  let plain: Uint8Array;
  try {
    plain = cipherOf(head, key).decrypt(sealed);
  } catch {
    throw new CanaryError("wrong-passphrase", "This passphrase does not open the secrets file");
  }
  const secrets = readInner(plain);
  if (secrets.setId !== file.setId || secrets.root !== file.root || secrets.items.length !== file.items)
    throw damaged("its contents are of another set");
  return secrets;
}

function readFile(source: Uint8Array | string): SecretsFile {
  const bytes = typeof source === "string" ? utf8(source) : source;
  if (bytes.length > 2 * limits.secretsBytes)
    throw new CanaryError("too-large", "The secrets file is too large");
  let value: unknown;
  try {
    value = strictJsonOf(bytes, "The secrets file");
  } catch (error) {
    if (!(error instanceof CanaryError)) throw error;
    // A file that begins like one was one.
    const begins = new TextDecoder().decode(bytes.subarray(0, 400));
    if (begins.includes('"checksum"') || begins.includes(secretsSchemaName))
      throw damaged("it is cut off or changed");
    throw new CanaryError("bad-secrets", "This is not a secrets file");
  }
  const found = fileSchema.safeParse(value);
  if (!found.success) {
    const named = typeof value === "object" && value !== null && "schema" in value ? value.schema : null;
    if (named === secretsSchemaName) throw damaged("a part of it is missing or changed");
    if (typeof named === "string" && named.startsWith("slipmark.canary-secrets/"))
      throw new CanaryError("bad-secrets", "This secrets file is of a version that is not known here");
    throw new CanaryError("bad-secrets", "This is not a secrets file");
  }
  const { checksum, ...body } = found.data;
  if (checksumOf(body) !== checksum) throw damaged("its checksum differs");
  return found.data;
}

function readInner(plain: Uint8Array): SetSecrets {
  if (plain.length < 4) throw damaged("it holds too little");
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  if (length > plain.length - 4) throw damaged("it holds too little");
  const found = innerSchema.safeParse(
    strictJsonOf(plain.subarray(4, 4 + length), "The contents of the secrets"),
  );
  if (!found.success) throw damaged("its contents have another shape");
  const items = found.data.items.map((item, index) => parseItem(item, `Item ${index}`));
  const images = new Map<string, Uint8Array>();
  let at = 4 + length;
  for (const facts of imagesOf(items)) {
    const bytes = plain.subarray(at, at + facts.size);
    verifyImage(facts, bytes, `The image ${facts.sha256}`);
    images.set(facts.sha256, bytes);
    at += facts.size;
  }
  if (at !== plain.length) throw damaged("it holds too much");
  return { ...found.data, items, images };
}

/** Each image once, in the order of first use. */
function imagesOf(items: readonly CanaryItem[]) {
  const found = new Map(items.flatMap(({ image }) => (image === undefined ? [] : [[image.sha256, image]])));
  const images = [...found.values()];
  if (images.reduce((sum, { size }) => sum + size, 0) > limits.secretsBytes)
    throw new CanaryError(
      "too-large",
      `The images of a set have at most ${limits.secretsBytes} bytes together`,
    );
  return images;
}

function keyOf(kdf: SecretsFile["kdf"], passphrase: string, options: SealOptions): Promise<Uint8Array> {
  let told = -1;
  // It tells every thousandth; a hundredth is enough to draw.
  const onProgress = (part: number) => {
    if (part < 1 && part - told < 0.01) return;
    told = part;
    options.onProgress?.(part);
  };
  const salt = bytesOfHex(kdf.salt, 16, "The salt", "bad-secrets");
  const { logN, r, p } = kdf;
  return scryptAsync(utf8(passphrase.normalize("NFKC")), salt, { N: 2 ** logN, r, p, dkLen: 32, onProgress });
}

/** What stands in the open is bound to what is sealed. */
function cipherOf(head: Omit<SecretsFile, "ciphertext" | "checksum">, key: Uint8Array) {
  const nonce = bytesOfHex(head.cipher.nonce, 24, "The nonce", "bad-secrets");
  return xchacha20poly1305(key, nonce, utf8(canonical(head)));
}

const checksumOf = (body: Omit<SecretsFile, "checksum">): string => hex(sha256(utf8(canonical(body))));

const damaged = (why: string): CanaryError =>
  new CanaryError("damaged-secrets", `The secrets file is damaged: ${why}; use another copy of it`);
