import { reason } from "../methods/facts";
import type { Json, MethodOutcome, Reason } from "../methods/method";
import type { Relation } from "./document";

/**
 * Which families of methods point the same way, and which way. A finding rests on two of them at least (a case's rule,
 * kept by the site); the engine only says what it saw. Families: weights, code, tokenizer, structure, lineage.
 *
 * - For derivation: the weights are derived; the code is the same program or shares parts beyond its ancestors; tokens
 *   that one side defined itself are shared; a name or a wrong figure of one side was left over on the other; a card
 *   declares it. An equal structure is no sign: whoever follows one published design has it.
 * - For independence: the weights are independent; no code is shared; vocabularies or structures differ.
 */
export function familiesReason(relation: Relation, outcomes: readonly MethodOutcome[]): Reason | null {
  if (relation !== "derived" && relation !== "independent") return null;
  const [on, signs] =
    relation === "derived"
      ? (["derivation", derivationSigns] as const)
      : (["independence", independenceSigns] as const);
  const families = outcomes.flatMap((outcome) => {
    const family = signs[outcome.method]?.(outcome);
    return family ? [family] : [];
  });
  return reason("families-agree", { on, families: ["weights", ...families] });
}

type Signs = Readonly<Record<string, (outcome: MethodOutcome) => string | null>>;

const says =
  (family: string, ...codes: string[]) =>
  (outcome: MethodOutcome) =>
    codes.includes(outcome.says) ? family : null;

const derivationSigns: Signs = {
  code: says("code", "same-program", "parts-shared"),
  lineage: says("lineage", "declared"),
  tokenizer: ({ statistics }) =>
    Number(at(statistics, "ownTokens", "redefined", "shared")) +
      Number(at(statistics, "ownTokens", "added", "shared")) >
    0
      ? "tokenizer"
      : null,
  architecture: ({ statistics }) =>
    listLength(statistics.leftoverNames) > 0 || at(statistics, "totals", "sameWrongFigure") === true
      ? "structure"
      : null,
};

const independenceSigns: Signs = {
  code: says("code", "nothing-shared"),
  tokenizer: says("tokenizer", "different"),
  architecture: says("structure", "different"),
};

function at(value: Json | undefined, ...path: readonly string[]): Json {
  let found: Json | undefined = value;
  for (const key of path) {
    found =
      typeof found === "object" && found !== null && !Array.isArray(found)
        ? (found as { readonly [key: string]: Json })[key]
        : undefined;
  }
  return found ?? 0;
}

const listLength = (value: Json | undefined) => (Array.isArray(value) ? value.length : 0);
