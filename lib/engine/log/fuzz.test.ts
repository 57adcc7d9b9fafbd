import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { madeBundle } from "@/tests/contract/bundle/made-bundle";
import { concat, text, utf8 } from "./bytes";
import { openCheckpoint, parseCheckpoint } from "./checkpoint";
import { verifyCosignatures } from "./cosignature";
import { parseEnvelope, payloadOfPae } from "./dsse";
import { decodeBundle } from "./entry-bundle";
import { LogError } from "./errors";
import { parseLeaf } from "./leaf";
import { parseNote, parseVerifierKey } from "./note";
import { parseSshArmour, parseSshPublicKey, verifySshSignature } from "./ssh-signature";
import { strictJson } from "./strict-json";
import { parseTilePath } from "./tile-path";
import { parseProof } from "./tlog-proof";
import { verifyBundle } from "./verify-bundle";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 60_000 });

const { files, logKey } = madeBundle({ witness: true });
const file = (name: string): Uint8Array => new Uint8Array(files.get(name) as Uint8Array);
const proof = file("entry.tlog-proof");
const note = utf8(parseProof(proof).checkpoint);
const witness = parseVerifierKey(text(file("witnesses.vkeys")).trim());
const log = parseVerifierKey(logKey);
const ssh = concat(utf8("SSHSIG"), new Uint8Array(200));
const lenient = new TextDecoder();

/** Whatever reads bytes or text from somewhere else, with an example that it takes. */
const readers: Record<string, readonly [example: Uint8Array, read: (bytes: Uint8Array) => unknown]> = {
  strictJson: [file("statement.json"), strictJson],
  parseLeaf: [file("leaf.json"), parseLeaf],
  parseEnvelope: [file("statement.json"), parseEnvelope],
  payloadOfPae: [utf8("DSSEv1 28 application/vnd.in-toto+json 2 {}"), payloadOfPae],
  decodeBundle: [Uint8Array.of(0, 1, 7, 0, 2, 7, 7), (bytes) => decodeBundle(bytes, 2)],
  parseNote: [note, parseNote],
  "parseNote of text": [note, (bytes) => parseNote(lenient.decode(bytes))],
  parseCheckpoint: [note, (bytes) => parseCheckpoint(lenient.decode(bytes))],
  openCheckpoint: [note, (bytes) => openCheckpoint(bytes, { origin: log.name, keys: [log] })],
  verifyCosignatures: [note, (bytes) => verifyCosignatures(parseNote(bytes), [witness])],
  parseVerifierKey: [utf8(logKey), (bytes) => parseVerifierKey(lenient.decode(bytes))],
  parseProof: [proof, parseProof],
  parseTilePath: [utf8("tile/0/x001/x234/067.p/8"), (bytes) => parseTilePath(lenient.decode(bytes))],
  verifySshSignature: [ssh, (bytes) => verifySshSignature(bytes, note, log.publicKey)],
  parseSshArmour: [
    utf8("-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n"),
    (bytes) => parseSshArmour(lenient.decode(bytes)),
  ],
  parseSshPublicKey: [
    utf8("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDY= comment"),
    (bytes) => parseSshPublicKey(lenient.decode(bytes)),
  ],
};

const linesOf = (bytes: Uint8Array): string =>
  [...new Set(lenient.decode(bytes).split("\n"))].sort().join("\n");

/** An example with some bytes changed, doubled or gone, or nothing like it. */
function damaged(example: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(example.length);
  const cut = fc.tuple(place, place, fc.uint8Array({ maxLength: 8 })).map(([from, to, put]) => {
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    return concat(example.subarray(0, start), put, example.subarray(end));
  });
  const doubled = fc.tuple(place, place).map(([from, to]) => {
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    return concat(example.subarray(0, end), example.subarray(start));
  });
  const changed = fc
    .array(fc.tuple(fc.nat(Math.max(0, example.length - 1)), fc.nat(255)), { minLength: 1, maxLength: 3 })
    .map((changes) => {
      const bytes = example.slice();
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  return fc.oneof(cut, doubled, changed, fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(0)));
}

test.each(Object.entries(readers))(
  "%s reads or refuses with a LogError, whatever it is given",
  (_name, reader) => {
    const [example, read] = reader;
    fc.assert(
      fc.property(damaged(example), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          if (!(error instanceof LogError)) throw error;
          expect(error.message.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 250 },
    );
  },
);

test("SSH signatures that name odd hashes and lengths are refused, not run", () => {
  const field = (bytes: Uint8Array) => concat(Uint8Array.of(0, 0, 0, bytes.length), bytes);
  const blob = (hash: string) =>
    concat(
      utf8("SSHSIG"),
      Uint8Array.of(0, 0, 0, 1),
      field(concat(field(utf8("ssh-ed25519")), field(log.publicKey))),
      field(utf8("slipmark")),
      field(new Uint8Array(0)),
      field(utf8(hash)),
      field(concat(field(utf8("ssh-ed25519")), field(new Uint8Array(64)))),
    );
  for (const hash of ["sha256", "sha1", "constructor", "__proto__", "toString", ""])
    expect(verifySshSignature(blob(hash), note, log.publicKey)).toBe(false);
});

test("a bundle with one file changed anywhere never passes, and never throws", { timeout: 120_000 }, () => {
  const trust = { logKeys: [logKey], witnessKeys: null };
  expect(verifyBundle(files, trust).every(({ ok }) => ok)).toBe(true);
  // The note for people and the script vouch for nothing.
  const names = [...files.keys()].filter((name) => name !== "README.txt" && name !== "verify.py");
  const change = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), damaged(file(name))));
  fc.assert(
    fc.property(change, ([name, bytes]) => {
      // A line said twice says no more, and a bundle may name no witness.
      if (linesOf(bytes) === linesOf(file(name))) return;
      if (name === "witnesses.vkeys" && bytes.length === 0) return;
      const steps = verifyBundle(new Map([...files, [name, bytes]]), trust);
      const failed = steps.filter(({ ok }) => !ok);
      expect({ name, text: lenient.decode(bytes), failed: failed.length }).toMatchObject({ failed: 1 });
      expect(steps.at(-1)).toBe(failed[0]);
    }),
    { numRuns: 250 },
  );
});
