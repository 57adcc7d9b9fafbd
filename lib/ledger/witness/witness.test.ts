import { describe, expect, test } from "vitest";
import { ed25519PublicKey, formatVerifierKey, signatureTypes } from "@/lib/engine/log";
import { readEnvironment } from "@/lib/platform/env/read-environment";
import { backOff } from "../vouching/back-off";
import { formatAddCheckpoint } from "./add-checkpoint";
import { configuredWitnesses } from "./configured";

const publicKey = (seed: number) => ed25519PublicKey(new Uint8Array(32).fill(seed));
const vkey = (seed: number, type: 1 | 4 = 4) =>
  formatVerifierKey(`witness.example/w${seed}`, type, publicKey(seed));

test("the body of add-checkpoint: old size, proof, empty line, checkpoint", () => {
  const note = "example.com/log\n7\nAAAA\n\n— example.com/log AAAA\n";
  const proof = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  expect(formatAddCheckpoint({ old: 5, proof, note })).toBe(
    `old 5\nAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\nAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n\n${note}`,
  );
  expect(formatAddCheckpoint({ old: 0, proof: [], note })).toBe(`old 0\n\n${note}`);
});

describe("SLIPMARK_WITNESSES", () => {
  test("pairs of verifier key and address, separated by commas", () => {
    const setting = `${vkey(1)} https://one.example/w/, ${vkey(2)}  http://two.example`;
    expect(readEnvironment({ SLIPMARK_WITNESSES: setting }).SLIPMARK_WITNESSES).toBe(setting);
    expect(configuredWitnesses(setting)).toMatchObject([
      { key: { name: "witness.example/w1", type: signatureTypes.cosignature }, url: "https://one.example/w" },
      { vkey: vkey(2), url: "http://two.example" },
    ]);
    expect(configuredWitnesses(undefined)).toEqual([]);
  });

  test.each([
    ["a key without an address", vkey(1)],
    ["an address without a key", "https://one.example"],
    ["another scheme", `${vkey(1)} ftp://one.example`],
    ["three words", `${vkey(1)} https://one.example x`],
  ])("%s is refused", (_name, setting) => {
    expect(() => readEnvironment({ SLIPMARK_WITNESSES: setting })).toThrow("SLIPMARK_WITNESSES");
    expect(() => configuredWitnesses(setting)).toThrow("SLIPMARK_WITNESSES");
  });

  test.each([
    ["a key of a log", vkey(1, 1), "not for cosignatures"],
    ["an id of another key", vkey(1).replace(/\+[0-9a-f]{8}\+/, "+00000000+"), "does not belong"],
    ["ML-DSA-44 (type 6)", "w.example+01020304+BgAA", "signature type 6 is not supported"],
    [
      "a key of small order",
      `w.example+01020304+${Buffer.concat([Buffer.of(4, 1), Buffer.alloc(31)]).toString("base64")}`,
      "small order",
    ],
  ])("%s is refused", (_name, key, complaint) => {
    expect(() => configuredWitnesses(`${key} https://one.example`)).toThrow(complaint);
  });

  test("a witness twice, or more than a note should carry, is refused", () => {
    const pair = `${vkey(1)} https://one.example`;
    expect(() => configuredWitnesses(`${pair},${pair}`)).toThrow("twice");
    const many = Array.from({ length: 13 }, (_, at) => `${vkey(at + 1)} https://one.example`).join(",");
    expect(() => configuredWitnesses(many)).toThrow("more than 12");
  });
});

test("back-off doubles up to its end, obeys the server, and never for more than an hour", () => {
  for (let round = 0; round < 50; round += 1) {
    for (const [failures, asked, least, most] of [
      [0, null, 750, 1_250],
      [3, null, 6_000, 10_000],
      [500, null, 225_000, 375_000],
      [0, 60, 60_000, 60_000],
      [0, 1e9, 3_600_000, 3_600_000],
    ] as const) {
      const waited = backOff([1_000, 300_000], failures, asked);
      expect(waited).toBeGreaterThanOrEqual(least);
      expect(waited).toBeLessThanOrEqual(most);
    }
  }
});
