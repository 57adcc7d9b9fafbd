import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DrandBeacon, targetOf, termsSchema, verifyOpening, verifyRound } from "@/lib/engine/canary";
import { type JudgeInput, type Judgement, judge } from "@/lib/engine/canary/judge";
import { type Asked as AskedAnswers, askEndpoint, asReference } from "../ask-endpoint";
import { recordedAnswers } from "./answers";
import { models, originalName, references } from "./copies";
import { serveZoo, type ZooEndpoint } from "./endpoint";
import { canaryItems, count, options } from "./items";
import { round, terms, type ZooSet, zooSet } from "./set";

const items = canaryItems();
let set: ZooSet;
let endpoint: ZooEndpoint;
const asked: Record<string, AskedAnswers> = {};
const results: Record<string, Judgement> = {};

/** What the suspect's answers come to, the order taken as kept. */
function judged(suspect: string): Judgement {
  const input: JudgeInput = {
    terms,
    nonce: round.randomness,
    items: items.map((item, index) => ({ index, item, target: item.options.indexOf(set.targets[index]!) })),
    size: count,
    original: { ...asked[originalName]!, role: "original" },
    suspect: { ...asked[suspect]!, role: "suspect" },
    references: references.filter((name) => name !== suspect).map((name) => asReference(asked[name]!, name)),
    declaredShared: null,
    order: { ok: true, withheld: [] },
    setsOfNamespace: 1,
    pairsTried: [],
  };
  return judge(input);
}

beforeAll(async () => {
  set = await zooSet("author");
  endpoint = await serveZoo(models);
  for (const name of Object.keys(models)) {
    const weights = endpoint.weights[name]!;
    asked[name] = await askEndpoint(endpoint.url, { name, weights }, terms, items);
  }
  for (const name of Object.keys(models)) if (name !== originalName) results[name] = judged(name);
}, 300_000);

afterAll(async () => {
  await endpoint.close();
});

test("the set was committed, its nonce is the round that the terms name, and its targets follow from both", () => {
  expect(termsSchema.safeParse(terms).success).toBe(true);
  expect(verifyRound(terms.beacon as DrandBeacon, round)).toBe(round.randomness);
  items.forEach((item, index) => {
    const opening = set.openItem(index);
    verifyOpening(opening, { ...set, size: count });
    const place = { nonce: round.randomness, setId: set.setId, index, options };
    expect(item.options[targetOf(opening.targetKey, place)]).toBe(set.targets[index]);
  });
});

test("the original answers what was drawn for it", () => {
  const hits = results["taught-int4"]!.hits!;
  expect(hits.expected).toBeCloseTo(count / options, 9);
  expect(hits.original).toBeGreaterThanOrEqual(0.9 * count);
});

const named = (truth: "copy" | "unrelated") =>
  Object.keys(models).filter((name) => models[name]!.truth === truth);

describe.each(named("copy"))("%s, which keeps what the original was taught", (name) => {
  test("is found at one in a million", () => {
    const { p, says, movesFinding } = results[name]!;
    expect(p.secret!.log10).toBeLessThanOrEqual(-6);
    expect({ says, movesFinding }).toEqual({ says: "not-independent", movesFinding: true });
  });
});

describe.each(named("unrelated"))("%s, which never saw them", (name) => {
  test("is not found", () => {
    const { p, says } = results[name]!;
    expect(p.secret!.value).toBeGreaterThan(0.01);
    expect(says).toBe("nothing-found");
  });
});

test("what the models answer is what is recorded of them", () => {
  const recorded = recordedAnswers();
  expect(recorded.items).toEqual(items);
  expect(recorded.models.map(({ name }) => name)).toEqual(Object.keys(models));
  for (const { name, weights, answers } of recorded.models) {
    expect(weights, name).toBe(endpoint.weights[name]);
    expect(
      asked[name]!.answers.map(({ answer }) => answer),
      name,
    ).toEqual(answers);
  }
});
