import type { MethodId } from "@/lib/engine/methods/method";
import type { ClaimKind } from "./schema";

/** Which method examines a claim of this kind. */
export const methodOfClaim: Readonly<Record<ClaimKind, MethodId>> = {
  "same-files": "identity",
  "same-structure": "architecture",
  "same-tokenizer": "tokenizer",
  "same-weights": "weights/independence",
  "same-code": "code",
  "lineage-undeclared": "lineage",
  "licence-notice": "lineage",
  "undeclared-part": "architecture",
};

/** All that may be claimed against a release whose card declares the original (PRODUCT, rule 8). */
export const claimsAgainstDeclared: readonly ClaimKind[] = ["licence-notice", "undeclared-part"];

export function claimAllowed(kind: ClaimKind, declared: boolean): boolean {
  return !declared || claimsAgainstDeclared.includes(kind);
}
