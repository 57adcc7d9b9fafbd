import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export type TsaKind = "rsa" | "ec";

export interface TestAuthority {
  readonly url: string;
  /** PEM of the root: what SLIPMARK_TSA_CERT names. */
  readonly rootFile: string;
  readonly folder: string;
  /** Queries so far. */
  readonly queries: readonly Buffer[];
  /** The authority's answer (DER) to a query, made by `openssl ts -reply`. */
  reply(query: Buffer, options?: { readonly signer?: string }): Promise<Buffer>;
  /** Another certificate under the same root, by the name of its section in the configuration. */
  certificate(name: string, section: string): Promise<string>;
  /** Answers by itself instead; null: back to duty. */
  misbehave(how: ((query: Buffer, request: IncomingMessage, response: ServerResponse) => void) | null): void;
  close(): Promise<void>;
}

const configuration = (folder: string) => `
[req]
distinguished_name = name
prompt = no
[name]
CN = unused
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[dating]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
[not_critical]
extendedKeyUsage = timeStamping
[dating_and_more]
extendedKeyUsage = critical, timeStamping, codeSigning
[server]
extendedKeyUsage = critical, serverAuth
[authority]
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
signer_digest = sha256
serial = ${join(folder, "serial")}
`;

/**
 * An RFC 3161 authority on loopback: a root and an intermediate made here, answers by `openssl ts -reply`, which is not
 * ours and knows nothing of lib/ledger/timestamp.
 */
export async function startAuthority(kind: TsaKind = "rsa"): Promise<TestAuthority> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-tsa-"));
  const at = (name: string) => join(folder, name);
  const openssl = async (...args: readonly string[]) => {
    await run("openssl", [...args], { cwd: folder });
  };
  await writeFile(at("tsa.cnf"), configuration(folder));
  await writeFile(at("serial"), "01\n");
  const key = (name: string) =>
    openssl(
      "genpkey",
      "-out",
      `${name}.key`,
      ...(kind === "rsa"
        ? ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        : ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    );
  const issue = async (name: string, section: string, issuer: string | null) => {
    await key(name);
    const subject = `/O=Test authority/CN=${name} of the test`;
    await openssl(
      "req",
      "-new",
      "-config",
      "tsa.cnf",
      "-key",
      `${name}.key`,
      "-subj",
      subject,
      "-out",
      `${name}.csr`,
    );
    const by =
      issuer === null
        ? ["-signkey", `${name}.key`]
        : ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-CAcreateserial"];
    await openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...by,
      "-extfile",
      "tsa.cnf",
      "-extensions",
      section,
      "-days",
      "3650",
      "-sha256",
      "-out",
      `${name}.pem`,
    );
  };
  await issue("root", "root", null);
  await issue("intermediate", "intermediate", "root");
  await issue("dating", "dating", "intermediate");

  let number = 0;
  const reply = async (query: Buffer, options: { readonly signer?: string } = {}) => {
    const [from, to] = [at(`${++number}.tsq`), at(`${number}.tsr`)];
    const signer = options.signer ?? "dating";
    await writeFile(from, query);
    await openssl(
      "ts",
      "-reply",
      "-config",
      "tsa.cnf",
      "-section",
      "authority",
      "-queryfile",
      from,
      "-signer",
      `${signer}.pem`,
      "-inkey",
      `${signer}.key`,
      "-chain",
      "intermediate.pem",
      "-out",
      to,
    );
    return readFile(to);
  };

  const queries: Buffer[] = [];
  let misbehaviour: Parameters<TestAuthority["misbehave"]>[0] = null;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const query = Buffer.concat(chunks);
      queries.push(query);
      if (misbehaviour !== null) return misbehaviour(query, request, response);
      if (request.headers["content-type"] !== "application/timestamp-query") {
        response.writeHead(415).end();
        return;
      }
      reply(query).then(
        (token) => response.writeHead(200, { "content-type": "application/timestamp-reply" }).end(token),
        () => response.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`,
    rootFile: at("root.pem"),
    folder,
    queries,
    reply,
    async certificate(name, section) {
      await issue(name, section, "intermediate");
      return name;
    },
    misbehave: (how) => {
      misbehaviour = how;
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
