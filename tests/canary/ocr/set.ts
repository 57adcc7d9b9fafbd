import { createHash } from "node:crypto";
import { type CanaryTerms, type DrawnItem, type Generator, generatedItems } from "@/lib/engine/canary";
import { exampleChain, fixtureRound, signedRound } from "@/tests/canary/beacon";
import { alphabet } from "./alphabet";

export const setId = createHash("sha256").update("slipmark example canary set 2").digest("hex").slice(0, 32);
export const round = signedRound(fixtureRound);

/** rare-han/v1 on our list of characters. */
export function generator(): Generator {
  const characters = alphabet();
  const points = [...characters].map((character) => character.codePointAt(0)!);
  return {
    program: "rare-han/v1",
    parameters: { from: points[0]!, to: points[points.length - 1]!, characters },
  };
}

/** What an author fixes who asks for `items` pictures: agreement in errors, at 1 in 100. */
export function termsOf(items: number, references: readonly string[]): CanaryTerms {
  return {
    schema: "slipmark.canary-terms/v1",
    kind: "generator",
    items,
    options: null,
    primary: "robust",
    threshold: "0.01",
    normaliser: "n1",
    fold: "none",
    prompt: "Which character is in the picture? Answer with it alone.",
    extractor: { kind: "whole" },
    repeats: 3,
    references: [...references],
    needsReferences: 5,
    deadline: "2027-12-31",
    beacon: { ...exampleChain(1767225600), round: fixtureRound } as CanaryTerms["beacon"],
    generator: generator(),
  };
}

/** The first `items` characters that the nonce draws: more of them begin with the same. */
export function drawnItems(items: number): DrawnItem[] {
  return generatedItems(generator(), { nonce: round.randomness, setId, items });
}
