import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseFingerprint } from "../../lib/engine/fingerprint/document";
import { gaussians } from "../support/small-weights";
import { openWorkshop, type Workshop } from "./command-line";

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
  await model("original", "a");
  await model("copy", "a");
  await model("other", "b");
  const { privateKey } = generateKeyPairSync("ed25519");
  await writeFile(join(shop.folder, "key.pem"), privateKey.export({ format: "pem", type: "pkcs8" }));
}, 120_000);
afterAll(() => shop.close());

const [hidden, inner, vocabulary, layers] = [64, 256, 512, 2];

/** A folder with config.json and one safetensors file of float32 values. */
async function model(name: string, seed: string): Promise<void> {
  const shapes: Record<string, [number, number]> = { "model.embed_tokens.weight": [vocabulary, hidden] };
  for (let layer = 0; layer < layers; layer++) {
    shapes[`model.layers.${layer}.mlp.gate_proj.weight`] = [inner, hidden];
    shapes[`model.layers.${layer}.mlp.up_proj.weight`] = [inner, hidden];
    shapes[`model.layers.${layer}.mlp.down_proj.weight`] = [hidden, inner];
  }
  const header: Record<string, object> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [tensor, [rows, cols]] of Object.entries(shapes)) {
    const bytes = Buffer.from(gaussians(`${seed} ${tensor}`, rows * cols).buffer);
    header[tensor] = { dtype: "F32", shape: [rows, cols], data_offsets: [at, at + bytes.length] };
    parts.push(bytes);
    at += bytes.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await mkdir(join(shop.folder, name));
  await writeFile(join(shop.folder, name, "model.safetensors"), Buffer.concat([length, text, ...parts]));
  const config = { model_type: "llama", hidden_size: hidden, num_hidden_layers: layers };
  await writeFile(join(shop.folder, name, "config.json"), JSON.stringify(config));
}

const read = async (name: string) => parseFingerprint(await readFile(join(shop.folder, name)), name);

describe("slipmark fingerprint", () => {
  test("--light prints one document, the same twice, and says what it may be used for", async () => {
    const { code, stdout, stderr } = await shop.slipmark(["fingerprint", "./original", "--light"]);
    expect(code).toBe(0);
    const document = parseFingerprint(Buffer.from(stdout), "stdout");
    expect(document.schema).toBe("slipmark.fingerprint-light/v1");
    expect(stderr).toContain(document.digest);
    expect(stderr).toContain("candidates");
    const again = await shop.slipmark(["fingerprint", "./copy", "--light", "--json"]);
    expect(again.stderr).toBe("");
    expect(JSON.parse(again.stdout).tensors).toEqual(document.tensors);
  });

  test("--key signs; an altered file is refused with one line", async () => {
    const args = ["fingerprint", "./original", "--light", "--key", "key.pem", "--out", "signed.json"];
    const { code, stdout } = await shop.slipmark(args);
    expect([code, stdout]).toEqual([0, ""]);
    const signed = await read("signed.json");
    expect(signed.signature?.keyId).toMatch(/^[0-9a-f]{64}$/);
    const text = await readFile(join(shop.folder, "signed.json"), "utf8");
    await writeFile(join(shop.folder, "altered.json"), text.replace('"F32"', '"F16"'));
    const refused = await shop.slipmark(["compare", "./altered.json", "./other"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr.trim().split("\n")).toHaveLength(1);
    expect(refused.stderr).toContain("altered.json");
  });

  test.each<[string, string[]]>([
    ["no source", ["fingerprint"]],
    ["two sources", ["fingerprint", "./original", "./copy"]],
    ["an unknown option", ["fingerprint", "./original", "--deep"]],
    ["no such folder", ["fingerprint", "./nowhere"]],
    ["no such key", ["fingerprint", "./original", "--key", "none.pem"]],
    ["a key that is none", ["fingerprint", "./original", "--key", "original/config.json"]],
  ])("%s: exit code 2 and one line", async (_, args) => {
    const { code, stdout, stderr } = await shop.slipmark(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("a source that does not answer: exit code 3", async () => {
    const { code } = await shop.slipmark(["fingerprint", "hf:org/name", "--light"], {
      HF_ENDPOINT: "http://127.0.0.1:1",
    });
    expect(code).toBe(3);
  });
});
