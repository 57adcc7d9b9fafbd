import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";

/**
 * A bundle made from the specifications alone, with none of the code that the site makes bundles by: RFC 6962 by plain
 * recursion, notes and cosignatures by hand, timestamps by openssl.
 */
export interface MadeBundle {
  readonly files: Map<string, Uint8Array>;
  readonly logKey: string;
}

export const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const origin = "ledger.example/log";

interface Options {
  readonly size?: number;
  readonly index?: number;
  readonly witness?: boolean;
  readonly timestamp?: boolean;
  readonly ssh?: boolean;
  readonly kind?: "reply" | "verify";
}

export function madeBundle({ size = 11, index = 6, kind = "reply", ...options }: Options = {}): MadeBundle {
  const files = new Map<string, Uint8Array>();
  const put = (name: string, content: string | Uint8Array) => files.set(name, Buffer.from(content as string));
  const salt = randomBytes(32);
  const payload = Buffer.concat([
    Buffer.from("slipmark/payload/v1\n"),
    randomBytes(32),
    u64(14),
    Buffer.from("竹简 bamboo\n"),
  ]);
  const digest = sha256(payload).toString("hex");
  put(`payloads/${digest}`, payload);
  const facts = { salt: salt.toString("hex"), text: `sha256:${digest}`, number: 1 };
  const statement = canonicalJson({
    _type: "https://in-toto.io/Statement/v1",
    predicate:
      kind === "verify" ? { verificationResult: "PASSED", "urn:slipmark:statement:verify:v1": facts } : facts,
    predicateType:
      kind === "verify" ? "https://slsa.dev/verification_summary/v1" : `urn:slipmark:statement:${kind}:v1`,
    subject: [{ digest: { gitCommit: "0".repeat(40) }, name: "hf:a/b" }],
  });
  const type = "application/vnd.in-toto+json";
  const body = Buffer.from(statement);
  const pae = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${body.length} `), body]);
  const signer = options.ssh ? signedBySsh(pae) : signedPlainly(pae);
  const signature = signer.signature.toString("base64");
  put(
    "statement.json",
    canonicalJson({
      payload: body.toString("base64"),
      payloadType: type,
      signatures: [{ keyid: sha256(signer.spki).toString("hex"), sig: signature }],
    }),
  );
  put("public-key.pem", pem("PUBLIC KEY", signer.spki));
  const leaf = Buffer.from(
    canonicalJson({
      key: sha256(salt, signer.spki).toString("hex"),
      kind,
      pae: sha256(pae).toString("hex"),
      sig: signature,
      t: "2026-03-01T08:00:00.000Z",
      v: 1,
    }),
  );
  put("leaf.json", leaf);

  const leaves = Array.from({ length: size }, (_, i) =>
    sha256(Buffer.of(0), i === index ? leaf : Buffer.from(`${i}`)),
  );
  const text = `${origin}\n${size}\n${root(leaves).toString("base64")}\n`;
  const log = key(origin, 1);
  const ownLine = log.line(sign(null, Buffer.from(text), log.privateKey));
  const witness = options.witness ? key("witness.example/w1", 4) : null;
  const time = 1_772_352_000;
  const witnessLine = witness
    ? witness.line(
        Buffer.concat([
          u64(time),
          sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), witness.privateKey),
        ]),
      )
    : "";
  const path = inclusion(leaves, index).map((hash) => `${hash.toString("base64")}\n`);
  put(
    "entry.tlog-proof",
    `c2sp.org/tlog-proof@v1\nindex ${index}\n${path.join("")}\n${text}\n${ownLine}${witnessLine}`,
  );
  put("log.vkey", `${log.verifierKey}\n`);
  put("witnesses.vkeys", witness ? `${witness.verifierKey}\n` : "");
  if (options.timestamp) for (const [name, bytes] of timestamped(`${text}\n${ownLine}`)) put(name, bytes);
  const readme = readFileSync("lib/ledger/show/bundle-readme.txt", "utf8");
  put("README.txt", readme);
  put(
    "verify.py",
    readFileSync("lib/ledger/show/verify.py", "utf8").replace(
      "@README_SHA256@",
      sha256(Buffer.from(readme)).toString("hex"),
    ),
  );
  return { files, logKey: log.verifierKey };
}

export function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function signedPlainly(message: Uint8Array) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { spki: spkiOf(publicKey), signature: sign(null, message, privateKey) };
}

const spkiOf = (publicKey: KeyObject) => publicKey.export({ type: "spki", format: "der" }) as Buffer;

function signedBySsh(message: Uint8Array) {
  return inFolder((folder) => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "id"], { cwd: folder });
    writeFileSync(join(folder, "message"), message);
    execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", "slipmark", "-f", "id", "message"], {
      cwd: folder,
      stdio: "ignore",
    });
    const armour = readFileSync(join(folder, "message.sig"), "utf8");
    const signature = Buffer.from(armour.replace(/-----[^-]+-----/g, ""), "base64");
    const blob = Buffer.from(readFileSync(join(folder, "id.pub"), "utf8").split(" ")[1] ?? "", "base64");
    return {
      spki: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), blob.subarray(-32)]),
      signature,
    };
  });
}

/** A key with a name, as signed-note has them. */
function key(name: string, type: 1 | 4) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const material = Buffer.concat([Buffer.of(type), spkiOf(publicKey).subarray(-32)]);
  const id = sha256(Buffer.from(`${name}\n`), material).subarray(0, 4);
  return {
    privateKey,
    verifierKey: `${name}+${id.toString("hex")}+${material.toString("base64")}`,
    line: (signature: Uint8Array) => `— ${name} ${Buffer.concat([id, signature]).toString("base64")}\n`,
  };
}

/** RFC 6962, 2.1: k is the largest power of two smaller than n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function root(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (hashes.length === 1 && only) return only;
  const k = split(hashes.length);
  return sha256(Buffer.of(1), root(hashes.slice(0, k)), root(hashes.slice(k)));
}

function inclusion(hashes: readonly Buffer[], index: number): Buffer[] {
  if (hashes.length === 1) return [];
  const k = split(hashes.length);
  return index < k
    ? [...inclusion(hashes.slice(0, k), index), root(hashes.slice(k))]
    : [...inclusion(hashes.slice(k), index - k), root(hashes.slice(0, k))];
}

const configuration = `
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = CA:FALSE
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
[tsa_config]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;

/** RFC 3161 by openssl: an authority of its own for one token. */
function timestamped(note: string): Map<string, Uint8Array> {
  return inFolder((folder) => {
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    writeFileSync(join(folder, "tsa.cnf"), configuration);
    writeFileSync(join(folder, "note"), note);
    writeFileSync(join(folder, "serial"), "01\n");
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const own = ["-config", "tsa.cnf", "-extensions", "ca"];
    writeFileSync(join(folder, "tsa.cnf"), `[req]\ndistinguished_name=dn\n[dn]\n${configuration}`);
    openssl(
      "req",
      "-x509",
      ...ec,
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-subj",
      "/CN=Test root",
      "-days",
      "3650",
      ...own,
    );
    openssl(
      "req",
      ...ec,
      "-keyout",
      "tsa.key",
      "-out",
      "tsa.csr",
      "-subj",
      "/CN=Test authority",
      "-config",
      "tsa.cnf",
    );
    openssl(
      "x509",
      "-req",
      "-in",
      "tsa.csr",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-out",
      "tsa.pem",
      "-days",
      "3650",
      "-extfile",
      "tsa.cnf",
      "-extensions",
      "tsa",
    );
    openssl("ts", "-query", "-data", "note", "-sha256", "-cert", "-out", "query.tsq");
    openssl(
      "ts",
      "-reply",
      "-queryfile",
      "query.tsq",
      "-config",
      "tsa.cnf",
      "-section",
      "tsa_config",
      "-out",
      "timestamp.tsr",
    );
    return new Map([
      ["timestamp.tsr", readFileSync(join(folder, "timestamp.tsr"))],
      ["timestamp.note", Buffer.from(note)],
      ["timestamp-ca.pem", readFileSync(join(folder, "ca.pem"))],
    ]);
  });
}

export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "slipmark-bundle-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
