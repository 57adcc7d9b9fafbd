import { createPrivateKey, type KeyObject } from "node:crypto";
import { EngineError } from "../errors";

// Source: OpenSSH PROTOCOL.key (openssh-key-v1) and RFC 4251 section 5 for its strings.
const magic = "openssh-key-v1\0";
// PKCS #8 of an Ed25519 key before its 32 bytes of seed (RFC 8410, section 7).
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

/** An unencrypted OpenSSH Ed25519 private key. Throws EngineError "bad-input"; never repeats anything of the key. */
export function openSshPrivateKey(text: string): KeyObject {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END OPENSSH PRIVATE KEY-----/.exec(
    text,
  )?.[1];
  const reader = new Strings(Buffer.from(body ?? "", "base64"));
  if (reader.take(magic.length).toString("latin1") !== magic) throw unusable("is not an OpenSSH private key");
  const cipher = reader.string().toString("latin1");
  if (cipher !== "none") throw unusable("is protected by a passphrase; give one that is not");
  reader.string();
  reader.string();
  if (reader.uint32() !== 1) throw unusable("holds more than one key");
  reader.string();
  const inner = new Strings(reader.string());
  const check = inner.uint32();
  if (inner.uint32() !== check) throw unusable("is damaged");
  if (inner.string().toString("latin1") !== "ssh-ed25519") throw unusable("is not an Ed25519 key");
  inner.string();
  const pair = inner.string();
  if (pair.length !== 64) throw unusable("is damaged");
  return createPrivateKey({
    key: Buffer.concat([pkcs8Head, pair.subarray(0, 32)]),
    format: "der",
    type: "pkcs8",
  });
}

class Strings {
  #at = 0;
  constructor(readonly bytes: Buffer) {}

  take(length: number): Buffer {
    if (length > this.bytes.length - this.#at) throw unusable("is cut short");
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }
  uint32(): number {
    return this.take(4).readUInt32BE(0);
  }
  string(): Buffer {
    return this.take(this.uint32());
  }
}

function unusable(what: string): EngineError {
  return new EngineError("bad-input", `The key file ${what}`);
}
