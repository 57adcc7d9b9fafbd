import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CanaryItem, CanaryTerms } from "@/lib/engine/canary";
import { askEndpoint } from "../ask-endpoint";
import { fixtures } from "./checkpoints";
import { models } from "./copies";
import { serveZoo } from "./endpoint";
import { canaryItems } from "./items";
import { round, secrets, terms, zooSet } from "./set";

/** tests/fixtures/canary/zoo/answers.json: the set with its secrets, and what each model answered. */
export interface ZooAnswers {
  readonly what: string;
  readonly command: string;
  readonly seed: string;
  readonly setId: string;
  readonly authorKeyId: string;
  readonly root: string;
  readonly round: { readonly round: number; readonly signature: string };
  readonly nonce: string;
  readonly terms: CanaryTerms;
  readonly items: readonly CanaryItem[];
  readonly models: readonly {
    readonly name: string;
    readonly truth: "original" | "copy" | "unrelated";
    /** SHA-256 of the model as one safetensors file. */
    readonly weights: string;
    /** In the order of the items; "" for a blank or an unstable one. */
    readonly answers: readonly string[];
  }[];
}

/** Asks every model of copies.ts through the endpoint. */
export async function freshAnswers(): Promise<ZooAnswers> {
  const items = canaryItems();
  const endpoint = await serveZoo(models);
  try {
    const asked: ZooAnswers["models"][number][] = [];
    for (const [name, { truth }] of Object.entries(models)) {
      const weights = endpoint.weights[name]!;
      const { answers } = await askEndpoint(endpoint.url, { name, weights }, terms, items);
      asked.push({ name, truth, weights, answers: answers.map(({ answer }) => answer) });
    }
    const { setId, authorKeyId, root } = await zooSet("author");
    return {
      what: "Random-label canaries taught to a small model, and what it, its copies and others answered",
      command: "npm run canary:zoo -- --answers",
      seed: secrets.author.repeat(32),
      setId,
      authorKeyId,
      root,
      round: { round: round.round, signature: round.signature },
      nonce: round.randomness,
      terms,
      items,
      models: asked,
    };
  } finally {
    await endpoint.close();
  }
}

export function recordedAnswers(): ZooAnswers {
  return JSON.parse(readFileSync(join(fixtures, "answers.json"), "utf8")) as ZooAnswers;
}
