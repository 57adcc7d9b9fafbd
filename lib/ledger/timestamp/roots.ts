import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** Certificates under which an authority's tokens are accepted. */
export interface TimestampRoots {
  /** Self-signed: where a chain has to end. */
  readonly anchors: readonly X509Certificate[];
  /** Others of the file: links of a chain that a token may lack. */
  readonly others: readonly X509Certificate[];
  /** All of them in PEM and nothing else, for a bundle's timestamp-ca.pem. */
  readonly pem: string;
}

/** Reads SLIPMARK_TSA_CERT. Throws StartProblem. */
export function readRoots(path: string): TimestampRoots {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    throw new StartProblem(`cannot read SLIPMARK_TSA_CERT ${path}: ${(error as Error).message}`);
  }
  return parseRoots(content, path);
}

export function parseRoots(content: string, path: string): TimestampRoots {
  const blocks = content.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  let certificates: X509Certificate[];
  try {
    certificates = blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new StartProblem(`SLIPMARK_TSA_CERT ${path} holds a certificate that cannot be read`);
  }
  const anchors = certificates.filter((one) => one.ca && one.checkIssued(one) && one.verify(one.publicKey));
  if (anchors.length === 0)
    throw new StartProblem(
      `SLIPMARK_TSA_CERT ${path} holds no self-signed certificate (PEM): put the authority's root in it`,
    );
  return {
    anchors,
    others: certificates.filter((one) => !anchors.includes(one)),
    pem: certificates.map((one) => one.toString()).join(""),
  };
}
