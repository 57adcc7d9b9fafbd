import { expect, test, vi } from "vitest";
import { tinyPng } from "@/tests/support/tiny-images";
import { commitItems } from "./commitment";
import type { CanaryErrorCode } from "./errors";
import { CanaryError } from "./errors";
import { imageFacts } from "./image";
import { itemBytes } from "./items";
import { newSetKeys, openSecrets, type SetSecrets, sealSecrets, secretsOf } from "./secrets";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 120_000 });

const passphrase = "竹簡 wrapped in étoffe";
const png = tinyPng(3, 2);
const items = [
  { id: "a", prompt: "竹" },
  { id: "b", image: imageFacts(png, "b.png") },
  { id: "c", prompt: "again", image: imageFacts(png, "b.png") },
];
const authorKeyId = "ab".repeat(32);

async function made(): Promise<SetSecrets> {
  const keys = { ...newSetKeys(), authorKeyId };
  const { root } = await commitItems({ ...keys, items: items.map(itemBytes) });
  return { ...keys, root, items, images: new Map([[imageFacts(png, "b.png").sha256, png]]) };
}
const cheap = { logN: 14 };

async function codeOf(work: Promise<unknown>): Promise<CanaryErrorCode | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof CanaryError) return error.code;
    throw error;
  }
}

test("what is sealed opens again, whole, with the passphrase in any form of Unicode", async () => {
  const secrets = await made();
  const parts: number[] = [];
  const file = await sealSecrets(secrets, passphrase, { ...cheap, onProgress: (part) => parts.push(part) });
  expect(parts.length).toBeGreaterThan(0);
  expect(await openSecrets(file, passphrase)).toEqual(secrets);
  expect(await openSecrets(Buffer.from(file), passphrase.normalize("NFD"))).toEqual(secrets);
  expect(secretsOf(file)).toEqual({ setId: secrets.setId, root: secrets.root, items: 3 });
});

test("nothing of seed, items, images or target keys stands in it", async () => {
  const secrets = await made();
  const file = await sealSecrets(secrets, passphrase, cheap);
  for (const part of [secrets.seed, "竹", Buffer.from(png).toString("base64").slice(0, 24), authorKeyId])
    expect(file).not.toContain(part);
  // Twice the same secrets and passphrase: two files that have nothing in common but what is public.
  const again = JSON.parse(await sealSecrets(secrets, passphrase, cheap));
  const first = JSON.parse(file);
  expect([again.kdf.salt, again.cipher.nonce, again.ciphertext]).not.toEqual(
    expect.arrayContaining([first.kdf.salt, first.cipher.nonce, first.ciphertext]),
  );
});

test("a wrong passphrase and a damaged file are told apart, and another file from both", async () => {
  const secrets = await made();
  const file = await sealSecrets(secrets, passphrase, cheap);
  expect(await codeOf(openSecrets(file, `${passphrase}!`))).toBe("wrong-passphrase");
  const middle = Math.floor(file.length / 2);
  const flipped = file.slice(0, middle) + (file[middle] === "A" ? "B" : "A") + file.slice(middle + 1);
  for (const damaged of [
    file.slice(0, -40),
    file.slice(0, middle),
    flipped,
    file.replace('"items":3', '"items":4'),
  ])
    expect(await codeOf(openSecrets(damaged, passphrase))).toBe("damaged-secrets");
  for (const other of ["", "{}", "[]", "not json", '{"schema":"slipmark.canary-terms/v1"}'])
    expect(await codeOf(openSecrets(other, passphrase))).toBe("bad-secrets");
  expect(await codeOf(openSecrets(file.replace("secrets/v1", "secrets/v2"), passphrase))).toBe("bad-secrets");
  expect(await codeOf(sealSecrets(secrets, "short", cheap))).toBe("weak-passphrase");
});

test("a public part that was exchanged and summed up anew does not open", async () => {
  const { checksum: _, ...body } = JSON.parse(await sealSecrets(await made(), passphrase, cheap));
  const { canonical } = await import("../log");
  const { createHash } = await import("node:crypto");
  const forged = { ...body, root: "00".repeat(32) };
  const checksum = createHash("sha256").update(canonical(forged)).digest("hex");
  expect(await codeOf(openSecrets(JSON.stringify({ ...forged, checksum }), passphrase))).toBe(
    "wrong-passphrase",
  );
});
