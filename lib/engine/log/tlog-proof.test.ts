import { describe, expect, test } from "vitest";
import { naivePath, naiveRoot, numberedLeaves } from "@/tests/support/naive-tree";
import { base64, utf8 } from "./bytes";
import { formatCheckpoint } from "./checkpoint";
import { formatCosignature } from "./cosignature";
import { ed25519PublicKey, ed25519Sign } from "./ed25519";
import { formatNote, formatVerifierKey, parseVerifierKey, signatureTypes, signNote } from "./note";
import { formatProof, parseProof, verifyProof } from "./tlog-proof";

const refusal = (code: string) => expect.objectContaining({ name: "LogError", code });
const signer = (name: string, value: number) => {
  const seed = new Uint8Array(32).fill(value);
  return {
    name,
    publicKey: ed25519PublicKey(seed),
    sign: (message: Uint8Array) => ed25519Sign(message, seed),
  };
};
const origin = "ledger.example/log";
const [log, witness] = [signer(origin, 1), signer("witness.example/w1", 2)];
const leaves = numberedLeaves(7);
const body = formatCheckpoint({ origin, size: 7, root: naiveRoot(leaves) });
const checkpoint = formatNote(body, [signNote(body, log), formatCosignature(body, 1000, witness)]);
const hashes = naivePath(4, leaves);
const file = formatProof({ index: 4, hashes, checkpoint });
const trust = {
  origin,
  keys: [parseVerifierKey(formatVerifierKey(origin, signatureTypes.note, log.publicKey))],
  witnesses: [
    parseVerifierKey(formatVerifierKey(witness.name, signatureTypes.cosignature, witness.publicKey)),
  ],
};
const leaf = leaves[4] as Uint8Array;

test("is the text of C2SP tlog-proof, read back", () => {
  const lines = ["c2sp.org/tlog-proof@v1", "index 4", ...hashes.map(base64), "", checkpoint];
  expect(file).toBe(lines.join("\n"));
  expect(parseProof(file)).toEqual({ index: 4, hashes, checkpoint, extra: null });
  const extra = utf8("more");
  expect(parseProof(utf8(formatProof({ index: 4, hashes, checkpoint, extra }))).extra).toEqual(extra);
});

test("the only entry of a log has a proof without hashes", () => {
  const one = formatProof({ index: 0, hashes: [], checkpoint });
  expect(parseProof(one)).toMatchObject({ index: 0, hashes: [] });
});

test("verifies: checkpoint, inclusion, cosignatures", () => {
  const verified = verifyProof(parseProof(file), leaf, trust);
  expect(verified).toMatchObject({ index: 4, checkpoint: { size: 7 } });
  expect(verified.cosignatures.map(({ time }) => time)).toEqual([1000]);
  expect(verifyProof(parseProof(file), leaf, { ...trust, witnesses: [] }).cosignatures).toEqual([]);
});

test("another leaf, place, log or key: refused", () => {
  const proof = parseProof(file);
  expect(() => verifyProof(proof, leaves[3] as Uint8Array, trust)).toThrow(refusal("bad-proof"));
  expect(() => verifyProof({ ...proof, index: 5 }, leaf, trust)).toThrow(refusal("bad-proof"));
  expect(() => verifyProof({ ...proof, index: 7 }, leaf, trust)).toThrow(refusal("out-of-range"));
  expect(() => verifyProof(proof, leaf, { ...trust, origin: "x" })).toThrow(refusal("wrong-origin"));
  expect(() => verifyProof(proof, leaf, { ...trust, keys: [] })).toThrow(refusal("unknown-key"));
});

describe("malformed files", () => {
  const hash = base64(leaf);
  const head = "c2sp.org/tlog-proof@v1\n";
  test.each([
    ["nothing", "", "malformed"],
    ["another version", file.replace("@v1", "@v2"), "malformed"],
    ["CRLF", file.replaceAll("\n", "\r\n"), "malformed"],
    ["a byte order mark", `\ufeff${file}`, "malformed"],
    ["no index", `${head}${hash}\n\n${checkpoint}`, "malformed"],
    ["no checkpoint", `${head}index 4\n`, "malformed"],
    ["a leading zero", `${head}index 04\n\n${checkpoint}`, "malformed"],
    ["a negative index", `${head}index -4\n\n${checkpoint}`, "malformed"],
    ["an index of 2^53", `${head}index 9007199254740992\n\n${checkpoint}`, "too-large"],
    ["extra after the index", `${head}index 4\nextra AAAA\n\n${checkpoint}`, "malformed"],
    ["two extras", `${head}extra AAAA\nextra AAAA\nindex 4\n\n${checkpoint}`, "malformed"],
    ["extra that is no base64", `${head}extra ???\nindex 4\n\n${checkpoint}`, "malformed"],
    ["a short hash", `${head}index 4\nAAAA\n\n${checkpoint}`, "malformed"],
    ["a hash with loose bits", `${head}index 4\n${hash.slice(0, -2)}/=\n\n${checkpoint}`, "malformed"],
    ["64 hashes", `${head}index 4\n${`${hash}\n`.repeat(64)}\n${checkpoint}`, "too-large"],
  ])("%s: refused", (_name, bad, code) => {
    expect(() => parseProof(bad)).toThrow(refusal(code));
  });

  test("no proof is made for half an index", () => {
    expect(() => formatProof({ index: 0.5, hashes, checkpoint })).toThrow(refusal("out-of-range"));
  });
});
