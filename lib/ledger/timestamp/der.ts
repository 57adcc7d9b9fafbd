import { ASN1Obj } from "@sigstore/core";
import { TimestampProblem } from "./problem";

/** Object identifiers that occur in a timestamp, with where they are defined. */
export const oids = {
  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
  /** CMS (RFC 5652). */
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  /** RFC 3161, section 2.4.2. */
  tstInfo: "1.2.840.113549.1.9.16.1.4",
  /** RFC 2634, and with another hash than SHA-1 RFC 5035. */
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  /** RFC 8017, RFC 4055. */
  rsa: "1.2.840.113549.1.1.1",
  extendedKeyUsage: "2.5.29.37",
  /** RFC 3161, section 2.3. */
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;

const length = (count: number): Buffer => {
  if (count < 0x80) return Buffer.of(count);
  const digits = count.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
};

/** One DER value: identifier, length, contents. */
export function der(identifier: number, ...contents: readonly Uint8Array[]): Buffer {
  const whole = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(identifier), length(whole.length), whole]);
}

/** Non-negative INTEGER from its bytes, in the shortest form. */
export function derInteger(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const shortest = bytes.subarray(start);
  const first = shortest[0] ?? 0;
  return der(0x02, first >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), shortest);
}

/** Reads DER. Throws TimestampProblem "malformed", for BER's indefinite lengths as well. */
export function readDer(bytes: Uint8Array): ASN1Obj {
  try {
    return ASN1Obj.parseBuffer(Buffer.from(bytes));
  } catch (error) {
    throw new TimestampProblem("malformed", `not DER: ${(error as Error).message}`);
  }
}

/** Identifier byte of a read value. */
export const identifierOf = (value: ASN1Obj): number => value.tag.toDER();

/** The bytes of a value as they were read, under another identifier where one is given. */
export const bytesOf = (value: ASN1Obj, identifier = identifierOf(value)): Buffer =>
  der(identifier, value.value);

/** The value at a place, if it has this identifier. Throws TimestampProblem "malformed". */
export function expectAt(parent: ASN1Obj, at: number, identifier: number, what: string): ASN1Obj {
  return expectValue(parent.subs[at], identifier, what);
}

export function expectValue(value: ASN1Obj | undefined, identifier: number, what: string): ASN1Obj {
  if (value === undefined || identifierOf(value) !== identifier)
    throw new TimestampProblem("malformed", `${what} is missing, or of another kind`);
  return value;
}

export function oidAt(parent: ASN1Obj, at: number, what: string): string {
  return expectAt(parent, at, 0x06, what).toOID();
}
