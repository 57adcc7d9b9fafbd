import type { ASN1Obj } from "@sigstore/core";
import { bytesOf, expectAt, expectValue, identifierOf, oidAt, oids, readDer } from "./der";
import { TimestampProblem } from "./problem";

/** A TimeStampResp taken apart (RFC 3161, section 2.4.2; CMS, RFC 5652). Nothing in it is verified yet. */
export interface Token {
  /** DER of TSTInfo: what is signed, by way of its digest. */
  readonly info: Uint8Array;
  readonly imprint: { readonly algorithm: string; readonly digest: Uint8Array };
  /** Contents of the INTEGER; null when there is none. */
  readonly nonce: Uint8Array | null;
  /** genTime, to the millisecond. */
  readonly time: Date;
  /** DER of each. */
  readonly certificates: readonly Uint8Array[];
  readonly signer: Signer;
}

export interface Signer {
  /** Contents of the issuer's name and of the serial number; null when it is named by its key. */
  readonly issued: { readonly issuer: Uint8Array; readonly serial: Uint8Array } | null;
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** DER of the signed attributes, as the SET that the signature covers. */
  readonly attributes: Uint8Array;
  /** Value of the message-digest attribute. */
  readonly messageDigest: Uint8Array;
  /** Hash of the signer's certificate, from the signing-certificate attribute. */
  readonly certificateHash: { readonly algorithm: string; readonly digest: Uint8Array };
}

const [sequence, set, integer, octets, context0] = [0x30, 0x31, 0x02, 0x04, 0xa0] as const;
/** A chain is short. */
const mostCertificates = 10;

/** Throws TimestampProblem "refused" or "malformed"; an error of the DER reader for values that contradict their kind. */
export function readToken(bytes: Uint8Array): Token {
  const response = expectValue(readDer(bytes), sequence, "TimeStampResp");
  const status = expectAt(expectAt(response, 0, sequence, "PKIStatusInfo"), 0, integer, "status").toInteger();
  // 0 granted, 1 granted with modifications.
  if (status !== 0n && status !== 1n)
    throw new TimestampProblem("refused", `the authority answers with status ${status}`);
  const contentInfo = expectAt(response, 1, sequence, "the token");
  requireOid(oidAt(contentInfo, 0, "content type"), oids.signedData, "the token");
  const signed = expectAt(expectAt(contentInfo, 1, context0, "content"), 0, sequence, "SignedData");
  const encapsulated = expectAt(signed, 2, sequence, "EncapsulatedContentInfo");
  requireOid(oidAt(encapsulated, 0, "encapsulated type"), oids.tstInfo, "the content");
  const info = expectAt(expectAt(encapsulated, 1, context0, "eContent"), 0, octets, "TSTInfo").value;
  const certificates = signed.subs.find((part) => identifierOf(part) === context0)?.subs ?? [];
  if (certificates.length > mostCertificates)
    throw new TimestampProblem("malformed", `more than ${mostCertificates} certificates`);
  const signers = expectAt(signed, signed.subs.length - 1, set, "SignerInfos");
  if (signers.subs.length !== 1) throw new TimestampProblem("malformed", "not exactly one signer");
  return {
    ...readInfo(info),
    info,
    certificates: certificates.map((certificate) => bytesOf(certificate)),
    signer: readSigner(expectAt(signers, 0, sequence, "SignerInfo")),
  };
}

function readInfo(bytes: Uint8Array): Pick<Token, "imprint" | "nonce" | "time"> {
  const info = expectValue(readDer(bytes), sequence, "TSTInfo");
  if (expectAt(info, 0, integer, "version").toInteger() !== 1n)
    throw new TimestampProblem("malformed", "not version 1");
  const imprint = expectAt(info, 2, sequence, "messageImprint");
  return {
    imprint: {
      algorithm: oidAt(expectAt(imprint, 0, sequence, "hashAlgorithm"), 0, "hash"),
      digest: expectAt(imprint, 1, octets, "hashedMessage").value,
    },
    time: generalizedTime(expectAt(info, 4, 0x18, "genTime").value),
    nonce: info.subs.slice(5).find((part) => identifierOf(part) === integer)?.value ?? null,
  };
}

/** YYYYMMDDhhmmss[.f…]Z, the fraction without zeros at its end (RFC 3161, section 2.4.2). */
function generalizedTime(value: Buffer): Date {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/.exec(
    value.toString("latin1"),
  );
  if (parts === null) throw new TimestampProblem("malformed", "genTime is no time");
  const [year, month, day, hour, minute, second, fraction = ""] = parts.slice(1);
  const time = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`,
  );
  if (Number.isNaN(time.getTime())) throw new TimestampProblem("malformed", "genTime is no time");
  return time;
}

function readSigner(signer: ASN1Obj): Signer {
  const sid = signer.subs[1];
  const named = sid !== undefined && identifierOf(sid) === sequence ? sid : null;
  const attributes = expectAt(signer, 3, context0, "signed attributes");
  requireOid(attribute(attributes, oids.contentType, 0x06).toOID(), oids.tstInfo, "the signed content type");
  return {
    issued:
      named === null
        ? null
        : {
            issuer: expectAt(named, 0, sequence, "issuer").value,
            serial: expectAt(named, 1, integer, "serial number").value,
          },
    digestAlgorithm: oidAt(expectAt(signer, 2, sequence, "digestAlgorithm"), 0, "digest"),
    signatureAlgorithm: oidAt(expectAt(signer, 4, sequence, "signatureAlgorithm"), 0, "signature algorithm"),
    signature: expectAt(signer, 5, octets, "signature").value,
    attributes: bytesOf(attributes, set),
    messageDigest: attribute(attributes, oids.messageDigest, octets).value,
    certificateHash: certificateHash(attributes),
  };
}

/** The one value of the one attribute of a type. */
function attribute(attributes: ASN1Obj, oid: string, identifier: number): ASN1Obj {
  const found = attributes.subs.filter((one) => oidAt(one, 0, "attribute") === oid);
  const values = found.length === 1 ? expectAt(found[0] as ASN1Obj, 1, set, "attribute values") : undefined;
  if (values?.subs.length !== 1)
    throw new TimestampProblem("malformed", `not exactly one attribute ${oid} with one value`);
  return expectAt(values, 0, identifier, `attribute ${oid}`);
}

/** The first ESSCertID is the signer's (RFC 2634, section 5.4; RFC 5035). */
function certificateHash(attributes: ASN1Obj): Signer["certificateHash"] {
  const isV2 = attributes.subs.some((one) => oidAt(one, 0, "attribute") === oids.signingCertificateV2);
  const value = attribute(attributes, isV2 ? oids.signingCertificateV2 : oids.signingCertificate, sequence);
  const id = expectAt(expectAt(value, 0, sequence, "certs"), 0, sequence, "ESSCertID");
  const first = id.subs[0];
  if (first !== undefined && identifierOf(first) === sequence && isV2)
    return { algorithm: oidAt(first, 0, "hash"), digest: expectAt(id, 1, octets, "certHash").value };
  const digest = expectValue(first, octets, "certHash").value;
  return { algorithm: isV2 ? oids.sha256 : oids.sha1, digest };
}

function requireOid(found: string, expected: string, what: string): void {
  if (found !== expected) throw new TimestampProblem("malformed", `${what} is of type ${found}`);
}
