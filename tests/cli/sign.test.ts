import { execFileSync, spawnSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pae, spkiOf, statementMediaType, utf8, verifyStatementSignature } from "@/lib/engine/log";
import { canonical } from "@/lib/engine/log/strict-json";
import { openWorkshop, type Workshop } from "./command-line";

let shop: Workshop;
const at = (name: string) => join(shop.folder, name);
/** What a page that waits for a signature gives: the encoding that is signed. */
const encoding = pae(
  statementMediaType,
  utf8(
    canonical({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "release", digest: { sha256: "cd".repeat(32) } }],
      predicateType: "urn:slipmark:statement:register:v1",
      predicate: { salt: "ab".repeat(32), name: "竹里" },
    }),
  ),
);

beforeAll(async () => {
  shop = await openWorkshop();
  await writeFile(at("statement.pae"), encoding);
});
afterAll(() => shop.close());

const linesOf = (text: string) =>
  Object.fromEntries(
    text
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/) as [string, string]),
  );
const openssl = (...args: string[]) =>
  spawnSync("openssl", args, { cwd: shop.folder, encoding: "utf8" }).stdout;

describe("slipmark key new", () => {
  test("makes a key for its owner alone, in the form that openssl reads, and never over another file", async () => {
    const made = await shop.slipmark(["key", "new", "--out", "own.pem"]);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^public key {2}[0-9a-f]{64}\n$/);
    expect(made.stderr).toBe("Keep own.pem: nobody else has it, and it cannot be made again.\n");
    expect((await stat(at("own.pem"))).mode & 0o777).toBe(0o600);
    const pem = await readFile(at("own.pem"), "utf8");
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(made.stdout + made.stderr).not.toContain(pem.split("\n")[1]);
    openssl("pkey", "-in", "own.pem", "-pubout", "-outform", "DER", "-out", "own.der");
    const { "public key": publicKey = "" } = linesOf(made.stdout);
    expect((await readFile(at("own.der"))).equals(Buffer.from(spkiOf(Buffer.from(publicKey, "hex"))))).toBe(
      true,
    );

    const again = await shop.slipmark(["key", "new", "--out", "own.pem"]);
    expect([again.code, again.stdout, again.stderr]).toEqual([
      2,
      "",
      "slipmark: own.pem exists and stays as it is\n",
    ]);
    expect(await readFile(at("own.pem"), "utf8")).toBe(pem);
  });

  test("wrong usage and a place that is not there are one line each", async () => {
    for (const args of [
      ["key"],
      ["key", "new"],
      ["key", "old", "--out", "x"],
      ["key", "new", "y", "--out", "x"],
    ]) {
      const outcome = await shop.slipmark(args);
      expect([args, outcome.code, outcome.stdout]).toEqual([args, 2, ""]);
      expect(outcome.stderr).toBe("slipmark: key takes: new --out FILE\n");
    }
    const nowhere = await shop.slipmark(["key", "new", "--out", "no/such/place.pem"]);
    expect([nowhere.code, nowhere.stdout]).not.toEqual([0, ""]);
    await expect(stat(at("x"))).rejects.toThrow("ENOENT");
  }, 300_000);
});

describe("slipmark sign", () => {
  test("signs with a key of its own; openssl and the log verify it", async () => {
    await shop.slipmark(["key", "new", "--out", "signer.pem"]);
    const signed = await shop.slipmark(["sign", "statement.pae", "--key", "signer.pem"]);
    expect([signed.code, signed.stderr]).toEqual([0, "Signed urn:slipmark:statement:register:v1\n"]);
    const { "public key": publicKey = "", signature = "" } = linesOf(signed.stdout);
    await writeFile(at("signature"), Buffer.from(signature, "base64"));
    openssl("pkey", "-in", "signer.pem", "-pubout", "-out", "signer.pub");
    expect(
      openssl(
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "signer.pub",
        "-rawin",
        "-in",
        "statement.pae",
        "-sigfile",
        "signature",
      ),
    ).toContain("Signature Verified Successfully");
    const spki = spkiOf(Buffer.from(publicKey, "hex"));
    expect(verifyStatementSignature(encoding, Buffer.from(signature, "base64"), spki)).toBe(true);
    const json = await shop.slipmark([
      "sign",
      "statement.pae",
      "--key",
      "signer.pem",
      "--json",
      "--out",
      "out.json",
    ]);
    expect([json.code, json.stdout, json.stderr]).toEqual([0, "", ""]);
    expect(JSON.parse(await readFile(at("out.json"), "utf8"))).toEqual({ publicKey, signature });
  });

  test("signs with an OpenSSH key: the key that ssh-keygen shows verifies it, as it does ssh-keygen's own", async () => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "竹里", "-f", at("ssh")]);
    const signed = await shop.slipmark(["sign", "statement.pae", "--key", "ssh"]);
    expect(signed.code).toBe(0);
    const { "public key": publicKey = "", signature = "" } = linesOf(signed.stdout);
    // The last 32 bytes of an OpenSSH public key are the raw one.
    const line = execFileSync("ssh-keygen", ["-y", "-f", at("ssh")], { encoding: "utf8" });
    expect(
      Buffer.from(line.split(" ")[1] ?? "", "base64")
        .subarray(-32)
        .toString("hex"),
    ).toBe(publicKey);
    const spki = spkiOf(Buffer.from(publicKey, "hex"));
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    expect(verify(null, encoding, key, Buffer.from(signature, "base64"))).toBe(true);
    execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", "slipmark", "-f", at("ssh"), at("statement.pae")], {
      stdio: "ignore",
    });
    const armor = await readFile(at("statement.pae.sig"), "utf8");
    const blob = Buffer.from(armor.split("\n").slice(1, -2).join(""), "base64");
    expect(verifyStatementSignature(encoding, blob, spki)).toBe(true);
    const checked = spawnSync(
      "ssh-keygen",
      ["-Y", "check-novalidate", "-n", "slipmark", "-s", at("statement.pae.sig")],
      { input: Buffer.from(encoding) },
    );
    expect(checked.status).toBe(0);
  });

  test("a key with a passphrase, another kind of key, and what is no statement are refused in one line", async () => {
    await shop.slipmark(["key", "new", "--out", "good.pem"]);
    openssl("pkcs8", "-topk8", "-in", "good.pem", "-passout", "pass:secret", "-out", "locked.pem");
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", "rsa.pem");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "secret", "-f", at("locked-ssh")]);
    await writeFile(at("text.pae"), "hello");
    await writeFile(at("notes.pae"), pae(statementMediaType, utf8("no JSON")));
    await writeFile(at("large.pae"), Buffer.alloc(1_000_001));
    const cases: [string[], RegExp][] = [
      [["sign", "statement.pae", "--key", "locked.pem"], /without a passphrase/],
      [["sign", "statement.pae", "--key", "locked-ssh"], /passphrase/],
      [["sign", "statement.pae", "--key", "rsa.pem"], /not an Ed25519 key/],
      [["sign", "statement.pae", "--key", "statement.pae"], /no private key/],
      [["sign", "statement.pae", "--key", "none"], /There is no file none/],
      [["sign", "text.pae", "--key", "good.pem"], /text\.pae is not a statement to sign/],
      [["sign", "notes.pae", "--key", "good.pem"], /its statement is not JSON/],
      [["sign", "large.pae", "--key", "good.pem"], /too large/],
      [["sign", "statement.pae"], /sign takes one STATEMENT\.pae and --key FILE/],
    ];
    const secret = (await readFile(at("good.pem"), "utf8")).split("\n")[1] ?? "";
    for (const [args, message] of cases) {
      const outcome = await shop.slipmark(args);
      expect([args, outcome.code, outcome.stdout]).toEqual([args, 2, ""]);
      expect(outcome.stderr).toMatch(message);
      expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(outcome.stderr).not.toContain(secret);
    }
  }, 300_000);
});
