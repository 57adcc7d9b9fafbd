import type { Relation, Transformation } from "@/lib/engine/result/document";

export type TruthKind =
  /** Equal weights under a map of names, after a lossless cast at most. */
  | "same"
  /** One of the two was made from the other without training: noise, quantisation, symmetry, surgery. */
  | "copy"
  /** One of the two was trained on from the other. */
  | "tuned"
  /** Both were trained from one base, neither from the other. */
  | "siblings"
  /** Different data, one initialisation. */
  | "same-start"
  /** Nothing of the weights in common. */
  | "independent";

export interface ZooTruth {
  readonly kind: TruthKind;
  /** Relations that a right answer may name. */
  readonly relations: readonly Relation[];
  /** Transformations that a right answer names; null where none of the closed list fits, or nothing given can tell. */
  readonly transformations: readonly Transformation[] | null;
  /** Transformations that are not wrong beside them. */
  readonly tolerated: readonly Transformation[];
  readonly note: string;
}

export interface ZooPair {
  readonly original: string;
  readonly suspect: string;
  readonly ancestors: readonly string[];
  readonly controls: readonly string[];
  readonly truth: ZooTruth;
}

type Given = Partial<Pick<ZooPair, "ancestors" | "controls">>;

/** Unrelated bases of the same shape as base A. */
const likeA: readonly string[] = ["base-b", "base-d"];

/** One pair with what its kind allows to be said of it. */
export function pair(
  original: string,
  suspect: string,
  kind: TruthKind,
  note: string,
  transformations: readonly Transformation[] | null,
  { ancestors = [], controls = likeA }: Given = {},
  tolerated: readonly Transformation[] = [],
): ZooPair {
  const relations = relationsOf(kind, ancestors);
  return {
    original,
    suspect,
    ancestors,
    controls,
    truth: { kind, relations, transformations, tolerated, note },
  };
}

/** What the rules of docs/METHODS.md allow to be said of each kind. */
function relationsOf(kind: TruthKind, ancestors: readonly string[]): readonly Relation[] {
  switch (kind) {
    case "same":
      return ["identical"];
    case "copy":
      return ["derived", "related"];
    case "tuned":
      // The strongest word for a trained difference, however many ancestors are given (ADR 17).
      return ["related"];
    case "siblings":
      return ancestors.length > 0 ? ["shared-ancestry", "related", "inconclusive"] : ["related"];
    case "same-start":
      return ["related", "shared-ancestry"];
    case "independent":
      return ["independent", "inconclusive", "incomparable"];
  }
}
