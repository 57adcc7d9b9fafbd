import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { concat, equal, text, utf8 } from "./bytes";
import { ed25519Verify, requirePublicKey } from "./ed25519";
import { LogError } from "./errors";

/** What authors name when they sign: ssh-keygen -Y sign -n slipmark. */
export const sshNamespace = "slipmark";

const hashes = new Map<string, (message: Uint8Array) => Uint8Array>([
  ["sha256", sha256],
  ["sha512", sha512],
]);

/**
 * Whether an SSH signature (OpenSSH PROTOCOL.sshsig, version 1, binary form without its armour) was made over the
 * message by this Ed25519 key under our namespace. Other algorithms and namespaces give false. Throws LogError
 * "malformed" for what is no such signature.
 */
export function verifySshSignature(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  const read = reader(signature);
  if (text(read.bytes(6)) !== "SSHSIG") throw new LogError("malformed", "not an SSH signature");
  if (read.u32() !== 1) throw new LogError("malformed", "an SSH signature of another version");
  const key = reader(read.string());
  const namespace = read.string();
  const reserved = read.string();
  const algorithm = read.string();
  const inner = reader(read.string());
  read.end();
  if (text(key.string()) !== "ssh-ed25519") return false;
  const signedBy = key.string();
  key.end();
  if (text(inner.string()) !== "ssh-ed25519") return false;
  const raw = inner.string();
  inner.end();
  const hash = hashes.get(text(algorithm));
  if (hash === undefined || text(namespace) !== sshNamespace || !equal(signedBy, publicKey)) return false;
  const signed = concat(
    utf8("SSHSIG"),
    field(namespace),
    field(reserved),
    field(algorithm),
    field(hash(message)),
  );
  return ed25519Verify(raw, signed, publicKey);
}

/** The signature inside "-----BEGIN SSH SIGNATURE-----". Throws LogError "malformed". */
export function parseSshArmour(armoured: string): Uint8Array {
  const body =
    /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]{1,8192})-----END SSH SIGNATURE-----\s*$/.exec(
      armoured.trimStart(),
    );
  if (body === null) throw new LogError("malformed", "not an SSH signature in its text form");
  try {
    return Uint8Array.from(atob((body[1] as string).replace(/\s/g, "")), (character) =>
      character.charCodeAt(0),
    );
  } catch {
    throw new LogError("malformed", "the SSH signature is not base64");
  }
}

/** The 32 bytes of "ssh-ed25519 AAAA… comment". Throws LogError "bad-key". */
export function parseSshPublicKey(line: string): Uint8Array {
  const parts = /^ssh-ed25519 ([A-Za-z0-9+/=]{1,200})(?: .*)?$/.exec(line.trim());
  if (parts === null) throw new LogError("bad-key", "not an ssh-ed25519 public key");
  try {
    const read = reader(Uint8Array.from(atob(parts[1] as string), (character) => character.charCodeAt(0)));
    const type = text(read.string());
    const publicKey = read.string().slice();
    read.end();
    if (type !== "ssh-ed25519" || publicKey.length !== 32)
      throw new LogError("bad-key", "another kind of key");
    requirePublicKey(publicKey);
    return publicKey;
  } catch {
    throw new LogError("bad-key", "the ssh-ed25519 public key is damaged");
  }
}

function field(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return concat(length, bytes);
}

/** RFC 4251's strings, with every length checked against what is there. */
function reader(bytes: Uint8Array) {
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (count > bytes.length - at) throw new LogError("malformed", "the SSH signature is cut off");
    at += count;
    return bytes.subarray(at - count, at);
  };
  const u32 = (): number => {
    const part = take(4);
    return new DataView(part.buffer, part.byteOffset, 4).getUint32(0);
  };
  return {
    bytes: take,
    u32,
    string: () => take(u32()),
    end: () => {
      if (at !== bytes.length) throw new LogError("malformed", "the SSH signature goes on after its end");
    },
  };
}
