import { type Ancestry, carriesOver, isExplained } from "./ancestry";
import type { TensorFacts } from "./tensor-facts";

/** What weights/aligned@2 may say; documented in about.ts. */
export type AlignedSays =
  | "equal-values"
  | "noise-copy"
  | "re-encoded"
  | "trained-difference"
  | "ancestor-explains"
  | "unrelated"
  | "not-decidable"
  | "not-testable";

const reEncoded: ReadonlySet<TensorFacts["change"]> = new Set(["pruned", "quantised", "rescaled"]);
const nearly = 0.9;

/** `counted`: the tensors that count, vectors too; matrices decide, vectors must only not contradict equality. */
export function verdict(counted: readonly TensorFacts[], ancestry: Ancestry | null): AlignedSays {
  const matrices = counted.filter(({ matrix }) => matrix);
  if (counted.length === 0)
    return ancestry !== null && ancestry.beyond.length > 0 ? "ancestor-explains" : "not-testable";
  if (counted.every(({ change }) => change === "equal" || change === "recast")) return "equal-values";
  if (matrices.length === 0) return "not-decidable";
  const alike = matrices.filter(({ change }) => change !== "none");
  if (alike.length <= (1 - nearly) * matrices.length) return "unrelated";
  // Matrices left alone beside gains or biases that moved: those alone were trained.
  const onlyVectors =
    alike.every(isUntouched) && counted.some((facts) => !facts.matrix && !isUntouched(facts));
  const kind = onlyVectors ? "trained-difference" : kindOf(alike);
  // A part that resembles and a part that does not: another method may find what was done to the second.
  if (kind !== "trained-difference" && alike.length < nearly * matrices.length) return "not-decidable";
  if (ancestry === null) return kind;
  // Parts that no ancestor has are explained by none: noise on a private part stays noise, whatever the rest shares.
  const covered = new Set(ancestry.beyond.map(({ facts }) => facts));
  const own = alike.filter((facts) => !covered.has(facts));
  const told = !own.every(isUntouched);
  if (told && kindOf(own) !== "trained-difference") return kindOf(own);
  if (!told && own.length > (1 - nearly) * alike.length) return "not-decidable";
  if (isExplained(ancestry) && ancestry.decidable) return "ancestor-explains";
  if (!ancestry.decidable) return "not-decidable";
  return kind === "trained-difference" || carriesOver(ancestry) ? kind : "not-decidable";
}

function isUntouched({ change }: TensorFacts): boolean {
  return change === "equal" || change === "recast";
}

/**
 * Copies differ from their source in every tensor that differs by noise or encoding. Two fine-tunes that leave most of an
 * undeclared base alone are equal in nearly all tensors, too: only what differs tells.
 */
function kindOf(alike: readonly TensorFacts[]): "noise-copy" | "re-encoded" | "trained-difference" {
  const differing = alike.filter((facts) => !isUntouched(facts));
  const noise = differing.filter(({ change }) => change === "noise").length;
  const encoded = differing.filter(({ change }) => reEncoded.has(change)).length;
  if (noise + encoded < nearly * differing.length) return "trained-difference";
  return noise > (1 - nearly) * differing.length ? "noise-copy" : "re-encoded";
}
