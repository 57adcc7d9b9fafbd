import { createHash, type KeyObject, timingSafeEqual, verify, X509Certificate } from "node:crypto";
import { X509Certificate as CertificateFields } from "@sigstore/core";
import { oids } from "./der";
import { TimestampProblem } from "./problem";
import { readToken, type Signer } from "./read-token";
import type { TimestampRoots } from "./roots";

export interface VerifiedToken {
  /** genTime. */
  readonly time: Date;
  /** Who signed, in its certificate's own words: common name, or else organisation. */
  readonly authority: string;
}

export interface ExpectedToken {
  /** The bytes that it has to be about. */
  readonly data: Uint8Array;
  /** What the request had; null when it is not known any more. */
  readonly nonce: Uint8Array | null;
  readonly roots: TimestampRoots;
}

const hashes: Readonly<Record<string, string>> = {
  [oids.sha1]: "sha1",
  [oids.sha256]: "sha256",
  [oids.sha384]: "sha384",
  [oids.sha512]: "sha512",
};
/** Signature algorithms that name their hash; bare RSA takes the digest algorithm's. */
const signatures: Readonly<Record<string, readonly [keyType: string, hash: string]>> = {
  "1.2.840.113549.1.1.11": ["rsa", "sha256"],
  "1.2.840.113549.1.1.12": ["rsa", "sha384"],
  "1.2.840.113549.1.1.13": ["rsa", "sha512"],
  "1.2.840.10045.4.3.2": ["ec", "sha256"],
  "1.2.840.10045.4.3.3": ["ec", "sha384"],
  "1.2.840.10045.4.3.4": ["ec", "sha512"],
};
const longestChain = 6;

/**
 * Checks a TimeStampResp over `data` (RFC 3161, section 2.4.2): status, imprint, nonce, signed attributes, signature,
 * the signer's certificate and its chain to a root, all valid at genTime. Revocation is not looked up. @sigstore/core
 * reads DER; its own verification covers neither RSA nor nonce nor chain.
 * Throws TimestampProblem.
 */
export function verifyToken(response: Uint8Array, expected: ExpectedToken): VerifiedToken {
  try {
    return verified(response, expected);
  } catch (error) {
    if (error instanceof TimestampProblem) throw error;
    // From readers of certificates and keys, whose errors have no common class.
    throw new TimestampProblem("malformed", `not a timestamp: ${(error as Error).message}`);
  }
}

function verified(response: Uint8Array, expected: ExpectedToken): VerifiedToken {
  const token = readToken(response);
  const { imprint, signer } = token;
  if (imprint.algorithm !== oids.sha256 || !same(imprint.digest, digest("sha256", expected.data)))
    throw new TimestampProblem("other-digest", "the token is about other bytes");
  if (expected.nonce !== null && !isNumber(token.nonce, expected.nonce))
    throw new TimestampProblem("other-nonce", "the token answers another request");
  const hash = hashNamed(signer.digestAlgorithm);
  if (!same(signer.messageDigest, digest(hash, token.info)))
    throw new TimestampProblem("bad-signature", "what was signed is not the time that is given");
  const certificates = token.certificates.map((der) => new X509Certificate(der));
  const certificate = signersCertificate(signer, certificates);
  if (!isSignature(signer, hash, certificate.publicKey))
    throw new TimestampProblem("bad-signature", "the token's signature does not verify");
  requireTimeStamping(certificate);
  requireChain(certificate, certificates, expected.roots, token.time);
  return { time: token.time, authority: nameOf(certificate) };
}

/** The one that the signed attributes name by hash, and the signer by issuer and serial number. */
function signersCertificate(signer: Signer, certificates: readonly X509Certificate[]): X509Certificate {
  const { algorithm, digest: expected } = signer.certificateHash;
  const name = hashes[algorithm];
  if (name === undefined) throw new TimestampProblem("unsupported", `hash ${algorithm}`);
  const found = certificates.find((one) => same(digest(name, one.raw), expected));
  if (found === undefined)
    throw new TimestampProblem("untrusted", "the signer's certificate is not in the token");
  const fields = CertificateFields.parse(Buffer.from(found.raw));
  if (
    signer.issued !== null &&
    !(same(signer.issued.issuer, fields.issuer) && same(signer.issued.serial, fields.serialNumber))
  )
    throw new TimestampProblem("untrusted", "the signer and its certificate have different names");
  return found;
}

function isSignature(signer: Signer, hash: string, key: KeyObject): boolean {
  const known =
    signer.signatureAlgorithm === oids.rsa ? (["rsa", hash] as const) : signatures[signer.signatureAlgorithm];
  if (known === undefined)
    throw new TimestampProblem("unsupported", `signature algorithm ${signer.signatureAlgorithm}`);
  const [type, digestName] = known;
  if (key.asymmetricKeyType !== type || digestName !== hash) return false;
  if (type === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new TimestampProblem("unsupported", "an RSA key of less than 2,048 bits");
  return verify(digestName, signer.attributes, key, signer.signature);
}

/** For nothing but dating, and marked critical (RFC 3161, section 2.3). */
function requireTimeStamping(certificate: X509Certificate): void {
  const usage = certificate.keyUsage ?? [];
  const critical =
    CertificateFields.parse(Buffer.from(certificate.raw)).extension(oids.extendedKeyUsage)?.critical === true;
  if (usage.length !== 1 || usage[0] !== oids.timeStamping || !critical)
    throw new TimestampProblem("untrusted", "its certificate is not one for dating alone");
}

function requireChain(
  leaf: X509Certificate,
  given: readonly X509Certificate[],
  roots: TimestampRoots,
  time: Date,
): void {
  const links = [...given, ...roots.others];
  let current = leaf;
  for (let depth = 0; depth < longestChain; depth += 1) {
    if (time < new Date(current.validFrom) || time > new Date(current.validTo))
      throw new TimestampProblem("untrusted", "a certificate was not valid at that time");
    const anchor = roots.anchors.find((root) => isIssuer(root, current));
    if (anchor !== undefined) {
      if (time < new Date(anchor.validFrom) || time > new Date(anchor.validTo))
        throw new TimestampProblem("untrusted", "the root was not valid at that time");
      return;
    }
    const issuer = links.find(
      (one) => one !== current && one.fingerprint256 !== current.fingerprint256 && isIssuer(one, current),
    );
    if (issuer === undefined) break;
    current = issuer;
  }
  throw new TimestampProblem("untrusted", "no chain of certificates to SLIPMARK_TSA_CERT");
}

const isIssuer = (issuer: X509Certificate, one: X509Certificate): boolean =>
  issuer.ca && one.checkIssued(issuer) && one.verify(issuer.publicKey);

function nameOf(certificate: X509Certificate): string {
  const lines = certificate.subject.split("\n");
  const part = (key: string) => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  const name = (part("CN") ?? part("O") ?? "").replace(/[\p{C}\s]+/gu, " ").trim();
  return name === "" ? certificate.fingerprint256.replaceAll(":", "").toLowerCase() : name.slice(0, 200);
}

function hashNamed(algorithm: string): string {
  const name = hashes[algorithm];
  if (name === undefined || name === "sha1") throw new TimestampProblem("unsupported", `digest ${algorithm}`);
  return name;
}

const digest = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest();
const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && timingSafeEqual(a, b);

/** Whether the contents of an INTEGER are the number that these bytes spell. */
function isNumber(integer: Uint8Array | null, bytes: Uint8Array): boolean {
  if (integer === null) return false;
  const plain = (value: Uint8Array) =>
    Buffer.from(value)
      .toString("hex")
      .replace(/^(?:00)+/, "");
  return (integer[0] ?? 0) < 0x80 && plain(integer) === plain(bytes);
}
