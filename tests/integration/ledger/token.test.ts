import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { der } from "@/lib/ledger/timestamp/der";
import { TimestampProblem } from "@/lib/ledger/timestamp/problem";
import { readToken } from "@/lib/ledger/timestamp/read-token";
import { encodeRequest } from "@/lib/ledger/timestamp/request";
import { parseRoots, readRoots, type TimestampRoots } from "@/lib/ledger/timestamp/roots";
import { verifyToken } from "@/lib/ledger/timestamp/verify-token";
import { startAuthority, type TestAuthority, type TsaKind } from "@/tests/support/tsa";

const data = Buffer.from("localhost/test-log\n1\n竹里\n");
const digest = createHash("sha256").update(data).digest();

function codeOf(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    if (error instanceof TimestampProblem) return error.code;
    throw error;
  }
  return "accepted";
}

describe.each<TsaKind>(["rsa", "ec"])("tokens of an openssl authority with %s keys", (kind) => {
  let tsa: TestAuthority;
  let roots: TimestampRoots;
  let good: Buffer;
  const nonce = randomBytes(8);
  beforeAll(async () => {
    tsa = await startAuthority(kind);
    roots = readRoots(tsa.rootFile);
    good = await tsa.reply(encodeRequest(digest, nonce));
  });
  afterAll(() => tsa.close());

  test("openssl reads our request as it was meant", () => {
    writeFileSync(join(tsa.folder, "ours.tsq"), encodeRequest(digest, Buffer.from("00ff01", "hex")));
    const read = execFileSync("openssl", ["ts", "-query", "-in", "ours.tsq", "-text"], { cwd: tsa.folder });
    expect(read.toString()).toMatch(/Hash Algorithm: sha256[\s\S]*Nonce: 0xFF01\nCertificate required: yes/);
  });

  test("a good token is accepted, by us and by openssl", () => {
    const { time, authority } = verifyToken(good, { data, nonce, roots });
    expect(authority).toBe("dating of the test");
    expect(Math.abs(time.getTime() - Date.now())).toBeLessThan(120_000);
    writeFileSync(join(tsa.folder, "good.tsr"), good);
    writeFileSync(join(tsa.folder, "note"), data);
    const args = ["ts", "-verify", "-in", "good.tsr", "-data", "note", "-CAfile", "root.pem"];
    expect(execFileSync("openssl", args, { cwd: tsa.folder, stdio: "pipe" }).toString()).toContain("OK");
  });

  test("other bytes, another nonce, another root are refused", async () => {
    expect(codeOf(() => verifyToken(good, { data: Buffer.from("x"), nonce, roots }))).toBe("other-digest");
    expect(codeOf(() => verifyToken(good, { data, nonce: randomBytes(8), roots }))).toBe("other-nonce");
    const other = await startAuthority(kind);
    expect(codeOf(() => verifyToken(good, { data, nonce, roots: readRoots(other.rootFile) }))).toBe(
      "untrusted",
    );
    await other.close();
  });

  /** A token that `openssl ts` would not make: any TSTInfo signed with any certificate. */
  function forge(info: Uint8Array, signer: string, ...options: readonly string[]): Buffer {
    writeFileSync(join(tsa.folder, "info"), info);
    const args = `cms -sign -binary -nodetach -cades -econtent_type 1.2.840.113549.1.9.16.1.4 -in info -signer ${signer}.pem -inkey ${signer}.key -certfile intermediate.pem -outform DER`;
    const token = execFileSync("openssl", [...args.split(" "), ...options], { cwd: tsa.folder });
    return der(0x30, der(0x30, Buffer.from("020100", "hex")), token);
  }

  test.each([
    ["dating", null],
    ["not_critical", "not one for dating alone"],
    ["dating_and_more", "not one for dating alone"],
    ["server", "not one for dating alone"],
  ])("a certificate of section %s: %s", async (section, complaint) => {
    const name = await tsa.certificate(`made_${section}`, section);
    // Of a time at which that certificate is valid.
    const { info } = readToken(await tsa.reply(encodeRequest(digest, nonce)));
    const token = forge(info, name);
    if (complaint === null) expect(verifyToken(token, { data, nonce, roots }).authority).toContain(name);
    else expect(() => verifyToken(token, { data, nonce, roots })).toThrow(complaint);
  });

  test("longer hashes are known; SHA-1 is not", () => {
    const { info } = readToken(good);
    expect(codeOf(() => verifyToken(forge(info, "dating", "-md", "sha512"), { data, nonce, roots }))).toBe(
      "accepted",
    );
    expect(codeOf(() => verifyToken(forge(info, "dating", "-md", "sha1"), { data, nonce, roots }))).toBe(
      "unsupported",
    );
  });

  test("a time at which its certificate was not valid is refused, one that is no time as well", () => {
    const { info } = readToken(good);
    const at = Buffer.from(info).indexOf(Buffer.of(0x18, 0x0f)) + 2;
    const dated = (time: string) => {
      const changed = Buffer.from(info);
      changed.write(time, at, "latin1");
      return codeOf(() => verifyToken(forge(changed, "dating"), { data, nonce, roots }));
    };
    expect(dated("19990101000000Z")).toBe("untrusted");
    expect(dated("20991231235959Z")).toBe("untrusted");
    expect(dated("20261399000000Z")).toBe("malformed");
    expect(dated("2026010100000+Z")).toBe("malformed");
  });

  test("a request for another hash is answered with a refusal, which is told as one", async () => {
    const query = encodeRequest(digest, nonce);
    // sha256 → sha384 by its last byte; the digest then has a wrong length as well.
    query.writeUInt8(2, query.indexOf(Buffer.from("608648016503040201", "hex")) + 8);
    const refused = await tsa.reply(query).catch(() => null);
    if (refused !== null) expect(codeOf(() => verifyToken(refused, { data, nonce, roots }))).toBe("refused");
    expect(codeOf(() => verifyToken(Buffer.from("30053003020102", "hex"), { data, nonce, roots }))).toBe(
      "refused",
    );
  });

  test("no changed byte makes another time or another signer of it, and none breaks the reader", () => {
    const { time, authority } = verifyToken(good, { data, nonce, roots });
    for (let at = 0; at < good.length; at += 1) {
      const changed = Buffer.from(good);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      try {
        expect(verifyToken(changed, { data, nonce, roots })).toEqual({ time, authority });
      } catch (error) {
        if (!(error instanceof TimestampProblem)) throw error;
      }
    }
  });

  test("what is cut, longer or random is refused as malformed", () => {
    for (let end = 0; end < good.length; end += 37)
      expect(codeOf(() => verifyToken(good.subarray(0, end), { data, nonce, roots }))).toBe("malformed");
    expect(codeOf(() => verifyToken(Buffer.concat([good, Buffer.of(0)]), { data, nonce, roots }))).toBe(
      "malformed",
    );
    expect(codeOf(() => verifyToken(Buffer.alloc(60_000, 0x30), { data, nonce, roots }))).toBe("malformed");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(codeOf(() => verifyToken(bytes, { data, nonce, roots }))).not.toBe("accepted");
      }),
      { numRuns: 500 },
    );
  });
});

describe("SLIPMARK_TSA_CERT", () => {
  test("a file without a self-signed certificate stops the start", async () => {
    const tsa = await startAuthority("ec");
    expect(() => readRoots(join(tsa.folder, "intermediate.pem"))).toThrow(/no self-signed certificate/);
    expect(() => readRoots(join(tsa.folder, "missing.pem"))).toThrow(/cannot read SLIPMARK_TSA_CERT/);
    expect(() => parseRoots("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "x")).toThrow(
      /cannot be read/,
    );
    const both =
      readFileSync(tsa.rootFile, "utf8") + readFileSync(join(tsa.folder, "intermediate.pem"), "utf8");
    const roots = parseRoots(`some words\n${both}`, "x");
    expect([roots.anchors.length, roots.others.length]).toEqual([1, 1]);
    expect(roots.pem).toBe(both);
    await tsa.close();
  });
});
