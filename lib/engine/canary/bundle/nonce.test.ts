import { afterAll, expect, it, vi } from "vitest";
import { startDrand } from "@/tests/support/drand";
import { knownChains } from "../beacon/chains";
import { commitItems } from "../commitment";
import type { DrandBeacon } from "../index";
import { itemBytes } from "../items";
import { judge } from "../judge";
import { formatAnswers } from "../transcript";
import { inputOfBundle, parseBundle } from ".";
import type { BundledAnswers } from "./schema";

// Not a deadline: a signature takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const own = await startDrand();
afterAll(() => own.close());
const quicknet = {
  round: 657413,
  signature:
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
};
const setId = "ab".repeat(16);
const authorKeyId = "cd".repeat(32);
const options = Array.from({ length: 16 }, (_, at) => `label ${at}`);
const items = Array.from({ length: 6 }, (_, at) => ({ id: `i${at}`, prompt: `?${at}`, options }));

async function judged(beacon: DrandBeacon, { round, signature }: { round: number; signature: string }) {
  const { root, openItem } = await commitItems({
    seed: "11".repeat(32),
    setId,
    authorKeyId,
    items: items.map(itemBytes),
  });
  const bundle = (answer: (at: number) => string) => {
    const answers = (name: string, of: (at: number) => string): BundledAnswers => ({
      id: null,
      name,
      family: name,
      origin: {},
      weights: null,
      authenticity: "re-run",
      authenticityReasons: [],
      transcript: null,
      answers: formatAnswers(items.map(({ id }, at) => ({ id, answer: of(at) }))),
      logged: null,
    });
    return parseBundle(
      Buffer.from(
        JSON.stringify({
          schema: "slipmark.canary-bundle/v1",
          set: { setId, root, authorKeyId, size: items.length },
          terms: {
            schema: "slipmark.canary-terms/v1",
            kind: "random-label",
            items: items.length,
            options: options.length,
            primary: "secret",
            threshold: "0.000001",
            normaliser: "n1",
            fold: "none",
            prompt: "{prompt}",
            extractor: { kind: "whole" },
            repeats: 3,
            references: [],
            needsReferences: 5,
            deadline: "2090-01-31",
            beacon,
          },
          beacon: { kind: "drand", round, signature, previousSignature: null },
          openings: items.map((_, at) => openItem(at)),
          original: answers("original", answer),
          suspect: answers("suspect", answer),
          references: [],
          leftOut: [],
          declaredShared: null,
          order: { ok: true, withheld: [] },
          setsOfNamespace: 1,
          pairsTried: [],
          result: null,
        }),
      ),
    );
  };
  const drawn = inputOfBundle(bundle(() => "")).items.map(({ target = 0 }) => options[target] ?? "");
  return judge(inputOfBundle(bundle((at) => drawn[at] ?? "")));
}

it("p is called exact for a chain that everybody knows, and conditional for one whose key may be the author's", async () => {
  const exact = await judged({ ...knownChains.quicknet, round: quicknet.round }, quicknet);
  expect(exact).toMatchObject({
    hits: { suspect: 6 },
    p: { secret: { kind: "exact", assumption: "secret" } },
  });
  const round = own.sign(7);
  const conditional = await judged(own.beacon(7), round);
  expect(conditional).toMatchObject({
    hits: { suspect: 6 },
    assumption: "secret-unknown-chain",
    p: { secret: { kind: "conditional", assumption: "secret-unknown-chain" } },
  });
  expect(conditional.explanation.en).toContain("none of the League of Entropy");
  expect(conditional.explanation.zh).toContain("不属于 League of Entropy");
});
