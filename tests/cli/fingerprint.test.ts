import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseFingerprint } from "../../lib/engine/fingerprint/document";
import { safetensorsOf } from "../support/safetensors-of";
import { llamaTensors } from "../support/small-weights";
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

const shape = { layers: 2, hidden: 64, inner: 256, vocabulary: 512 };

/** A folder with config.json and one safetensors file of float32 values. */
async function model(name: string, seed: string): Promise<void> {
  await mkdir(join(shop.folder, name));
  await writeFile(join(shop.folder, name, "model.safetensors"), safetensorsOf(llamaTensors(seed, shape)));
  const config = { model_type: "llama", hidden_size: shape.hidden, num_hidden_layers: shape.layers };
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

  test("a full one stands for its weights in a comparison, which is reproduced from the capsule and from the file", async () => {
    const { code } = await shop.slipmark(["fingerprint", "./original", "--out", "full.json"]);
    expect(code).toBe(0);
    expect((await read("full.json")).schema).toBe("slipmark.fingerprint/v1");
    const args = ["compare", "full.json", "./copy", "--methods", "weights/fingerprint", "--level", "3"];
    const compared = await shop.slipmark([...args, "--json", "--out", "r.json", "--capsule", "r.tar"]);
    expect([compared.code, compared.stderr]).toEqual([0, ""]);
    const document = JSON.parse(compared.stdout);
    expect(document.inputs.original).toMatchObject({ kind: "fingerprint", folder: "full.json" });
    expect(document.methods[0]).toMatchObject({ method: "weights/fingerprint", says: "same-tensors" });
    expect((await shop.slipmark(["reproduce", "r.json", "--suspect", "./copy"])).code).toBe(0);
    const ranged = [...args.slice(0, -1), "2", "--json", "--out", "r2.json", "--capsule", "r2.tar"];
    const second = JSON.parse((await shop.slipmark(ranged)).stdout);
    expect(second.methods[0]).toMatchObject({ says: "matches", kind: "exact" });
    expect((await shop.slipmark(["reproduce", "r2.json", "--capsule", "r2.tar"])).code).toBe(0);
    const independent = await shop.slipmark(["compare", "./other", "full.json", ...args.slice(3), "--json"]);
    expect(JSON.parse(independent.stdout).methods[0].says).toBe("nothing-found");
  });

  test("full and light ones are taken as ancestors; what they say is the same whichever side is named first", async () => {
    for (const [name, ...more] of [["base.json"], ["light.json", "--light"]] as const) {
      await shop.slipmark(["fingerprint", "./original", ...more, "--out", name]);
      for (const sides of [
        ["./original", "./copy"],
        ["./copy", "./original"],
      ] as const) {
        const args = ["compare", ...sides, "--ancestor", name, "--ancestors-closed", "--json"];
        const { code, stdout, stderr } = await shop.slipmark(args);
        expect([code, stderr]).toEqual([0, ""]);
        const { inputs, summary, methods } = JSON.parse(stdout);
        expect(inputs.ancestors).toMatchObject([{ kind: "fingerprint", folder: name }]);
        expect(summary).toMatchObject({ relation: "identical", cannotExclude: ["shared-base"] });
        expect(summary.text.en).toContain("a shared base is not excluded");
        const codes = methods.flatMap((one: { reasons: { code: string }[] }) => one.reasons);
        expect(codes.map(({ code: found }: { code: string }) => found)).toContain("claimed-ancestor");
      }
    }
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
