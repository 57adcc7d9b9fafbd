import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  base64,
  consistencyProof,
  fromBase64,
  inclusionProof,
  leafHash,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  rootFromTiles,
  utf8,
  verifyConsistency,
  verifyInclusion,
  verifyNote,
} from "@/lib/engine/log";
import { missingGo } from "@/tests/support/go";
import { buildGoReader, type GoReader } from "./go-log";
import { ourLog, signer, tilesOf } from "./our-log";

const missing = missingGo();
const origin = "ledger.example/log";
const sizes = [1, 2, 3, 255, 256, 257, 1000, 70_000];

test.runIf(missing !== null && process.env.CI)("Go is there, as CI has to have it", () => {
  expect(missing).toBeNull();
});

describe.skipIf(missing !== null)(
  `Go's note and tlog${missing === null ? "" : `: skipped, ${missing}`}`,
  () => {
    let go: GoReader;
    beforeAll(() => {
      go = buildGoReader();
    }, 300_000);
    afterAll(() => go?.remove());

    test.each(sizes)(
      "verify our log of %i entries: note, checkpoint, proofs, tiles and their paths",
      { timeout: 300_000 },
      async (size) => {
        // The second is a witness as Go knows it: any other signer.
        const log = await ourLog(origin, size, [signer(origin, 1), signer("other.example/key", 2)]);
        const verdict = go.check({ ...log, Others: [] });
        expect(verdict.Problems).toEqual([]);
        expect(verdict.Signers).toEqual([origin, "other.example/key"]);
      },
    );

    test("find what is wrong with a log of ours that was changed", { timeout: 120_000 }, async () => {
      const log = await ourLog(origin, 300, [signer(origin, 1)]);
      const entries = log.Entries.map((entry, at) => (at === 7 ? base64(utf8("another entry")) : entry));
      const problems = go.check({ ...log, Entries: entries, Others: [] }).Problems.join("\n");
      for (const part of ["checkpoint is", "tile/0/000 has other bytes", "reading our tiles"])
        expect(problems).toContain(part);
      const [proof, ...rest] = log.Inclusion;
      const wrong = { ...proof, Index: 1 } as (typeof log.Inclusion)[number];
      expect(go.check({ ...log, Inclusion: [wrong, ...rest], Others: [] }).Problems).toHaveLength(1);
    });

    test.each(sizes)("make a log of %i entries that we verify", { timeout: 300_000 }, async (size) => {
      const log = go.make(origin, size);
      const keys = log.Vkeys.map(parseVerifierKey);
      const checkpoint = openCheckpoint(log.Note, { origin, keys });
      expect(checkpoint.size).toBe(size);
      expect(verifyNote(parseNote(log.Note), keys)).toHaveLength(2);
      const read = tilesOf(log, fromBase64);
      expect(await rootFromTiles(size, read)).toEqual(checkpoint.root);
      for (const { Index, Root, Proof } of log.Inclusion) {
        const proof = (Proof ?? []).map(fromBase64);
        expect(await inclusionProof(Index, size, read)).toEqual(proof);
        const hash = leafHash(fromBase64(log.Entries[Index] ?? ""));
        verifyInclusion({ index: Index, size, leafHash: hash, proof, root: fromBase64(Root) });
        expect(Root).toBe(base64(checkpoint.root));
      }
      for (const { OldSize, OldRoot, Proof } of log.Consistency) {
        const proof = (Proof ?? []).map(fromBase64);
        const oldRoot = fromBase64(OldRoot);
        expect(await consistencyProof(OldSize, size, read)).toEqual(proof);
        expect(await rootFromTiles(OldSize, read)).toEqual(oldRoot);
        verifyConsistency({ oldSize: OldSize, oldRoot, size, root: checkpoint.root, proof });
      }
    });

    test("a note that was changed anywhere: what we accept, Go accepts", { timeout: 120_000 }, async () => {
      const log = await ourLog(origin, 3, [signer(origin, 1), signer("other.example/key", 2)]);
      const keys = log.Vkeys.map(parseVerifierKey);
      const note = utf8(log.Note);
      const changed: Uint8Array[] = [note];
      for (let at = 0; at < note.length; at += 1) {
        changed.push(note.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte)));
        changed.push(Uint8Array.from([...note.subarray(0, at), ...note.subarray(at + 1)]));
        changed.push(Uint8Array.from([...note.subarray(0, at), 0x0a, ...note.subarray(at)]));
        changed.push(note.subarray(0, at));
      }
      const ours = changed.map((one) => {
        try {
          return verifyNote(parseNote(one), keys).length > 0;
        } catch {
          return false;
        }
      });
      const theirs = go.check({ ...log, Others: changed.map(base64) }).Others;
      expect(theirs).toHaveLength(changed.length);
      expect(ours.flatMap((accepted, at) => (accepted && !theirs[at] ? [at] : []))).toEqual([]);
      expect(ours[0]).toBe(true);
      // Go takes base64 with loose bits; nothing else of what we refuse.
      const looser = theirs.flatMap((accepted, at) =>
        accepted && !ours[at] ? [changed[at] as Uint8Array] : [],
      );
      for (const one of looser) expect(new TextDecoder().decode(one)).toContain(log.text);
    });
  },
);
