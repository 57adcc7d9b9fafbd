import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { EngineError } from "../errors";
import { openSshPrivateKey } from "./openssh-key";
import type { Fingerprint, FingerprintSignature } from "./schema";

/** An Ed25519 key with the id under which its signatures are known. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly keyId: string;
}

/**
 * The author's own key, from the text of a file: PKCS #8 in PEM (RFC 5208, RFC 7468) or an OpenSSH private key, both
 * without a passphrase. Throws EngineError "bad-input"; the message never repeats anything of the key.
 */
export function readSigningKey(text: string): SigningKey {
  let key: KeyObject;
  try {
    key = text.includes("-----BEGIN OPENSSH PRIVATE KEY-----")
      ? openSshPrivateKey(text)
      : createPrivateKey(text);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError(
      "bad-input",
      "The key file holds no private key that can be read without a passphrase",
    );
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new EngineError("bad-input", "The key is not an Ed25519 key");
  }
  return { key, keyId: keyIdOf(publicDer(key)) };
}

/** What is signed: a line that names the purpose, then the digest. A signature made for anything else never holds here. */
function signedBytes(digest: string): Buffer {
  return Buffer.from(`slipmark/fingerprint-signature/v1\n${digest}\n`, "utf8");
}

/** The fingerprint with its author's signature (Ed25519, RFC 8032) over its digest. */
export function signFingerprint<T extends Fingerprint>(document: T, { key, keyId }: SigningKey): T {
  return {
    ...document,
    signature: {
      keyId,
      publicKey: publicDer(key).toString("base64"),
      signature: sign(null, signedBytes(document.digest), key).toString("base64"),
    },
  };
}

/** Whether a signature is one of this digest by the key it names. Whose key that is, nobody has checked. */
export function signatureHolds(digest: string, given: FingerprintSignature): boolean {
  try {
    const der = Buffer.from(given.publicKey, "base64");
    const bytes = Buffer.from(given.signature, "base64");
    if (der.toString("base64") !== given.publicKey || bytes.toString("base64") !== given.signature)
      return false;
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    if (key.asymmetricKeyType !== "ed25519" || keyIdOf(der) !== given.keyId) return false;
    return verify(null, signedBytes(digest), key, bytes);
  } catch {
    return false;
  }
}

/** The public half of a key as SubjectPublicKeyInfo in DER (RFC 5280, RFC 8410). */
export function publicDer(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: "der", type: "spki" });
}

const keyIdOf = (der: Uint8Array): string => createHash("sha256").update(der).digest("hex");
