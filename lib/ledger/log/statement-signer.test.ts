import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { expect, test } from "vitest";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { base64, hex, parseLeaf, text } from "@/lib/engine/log";
import type { InstanceKeys, KeyRole } from "./keys";
import { signAct } from "./statement-signer";

const pairs = new Map(
  (["log", "site", "run", "moderator"] as const).map((role) => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
    const key = {
      role,
      spki,
      publicKey: spki.slice(-32),
      sign: (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)),
    };
    return [role, key] as const;
  }),
);
const keys = { of: (role: KeyRole) => pairs.get(role) } as InstanceKeys;
const salt = randomBytes(32).toString("hex");
const row = (kind: string, predicate: object = { salt }) => ({
  kind,
  statement: JSON.stringify({ predicate }),
  t: new Date("2026-03-01T08:00:00.5Z"),
  signature: null,
  public_key: null,
});

test("the bytes of a leaf are canonical JSON", () => {
  const { leaf } = signAct(row("commit"), keys);
  const { key, kind, pae, sig, t } = parseLeaf(leaf);
  expect(text(leaf)).toBe(canonicalJson({ key: hex(key), kind, pae: hex(pae), sig: base64(sig), t, v: 1 }));
});

test.each([
  ["verify", "run", { "urn:slipmark:statement:verify:v1": { salt } }],
  ["reproduce", "site", { salt }],
  ["observe", "run", { salt, fingerprint: { origin: "computed" } }],
  ["observe", "site", { salt, fingerprint: { origin: "author" } }],
  ["tombstone", "moderator", { salt }],
  ["moderate", "moderator", { salt }],
  ["recall", "moderator", { salt }],
  ["register", "site", { salt }],
] as const)("%s is signed by the %s key", (kind, role, predicate) => {
  expect(signAct(row(kind, predicate), keys).spki).toEqual(pairs.get(role)?.spki);
});

test("a statement without salt, or of an unknown kind, is no entry", () => {
  expect(() => signAct(row("commit", {}), keys)).toThrow("no salt");
  expect(() => signAct(row("gossip"), keys)).toThrow("kind");
});
