import { expect, test } from "vitest";
import { ed25519PublicKey, hex, keyId, signatureTypes, spkiOf } from "@/lib/engine/log";
import { orderLines, type SignatureLine } from "./order-lines";

const origin = "ledger.example/log";
const key = (byte: number) => ed25519PublicKey(new Uint8Array(32).fill(byte));
const keys = [1, 2, 3].map((byte) => spkiOf(key(byte)));
const line = (name: string, at: number, over: Partial<SignatureLine> = {}): SignatureLine => ({
  line: name,
  signer: "witness",
  name,
  keyId: "00000000",
  createdAt: new Date(at),
  ...over,
});
const ofLog = (at: number, byte: number) =>
  line(`key ${byte}`, at, {
    signer: "log",
    name: origin,
    keyId: hex(keyId(origin, signatureTypes.note, key(byte))),
  });

test("the log's newest key comes first, whenever and by whatever id it signed; witnesses follow as they came", () => {
  const lines = [line("w2", 5), ofLog(9, 1), line("w1", 5), ofLog(2, 2), ofLog(9, 3), line("w0", 7)];
  const wanted = ["key 3", "key 2", "key 1", "w1", "w2", "w0"];
  for (let turn = 0; turn < lines.length; turn += 1)
    expect(orderLines(origin, [...keys].reverse(), [...lines.slice(turn), ...lines.slice(0, turn)])).toEqual(
      wanted,
    );
});

test("a line of the log by a key that is not registered stands behind those that are", () => {
  expect(orderLines(origin, keys.slice(0, 1), [line("w", 0), ofLog(1, 2), ofLog(2, 1)])).toEqual([
    "key 1",
    "key 2",
    "w",
  ]);
});
