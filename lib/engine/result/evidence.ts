import type { MethodOutcome } from "../methods/method";
import { type AlignedStatistics, alignedStatisticsSchema } from "../methods/weights-aligned/schema";
import { weightsFullStatisticsSchema } from "../methods/weights-full/schema";
import {
  type IndependenceStatistics,
  independenceStatisticsSchema,
} from "../methods/weights-independence/schema";
import { type InvariantStatistics, invariantStatisticsSchema } from "../methods/weights-invariant/schema";

/** What the rules of the summary look at, read from the methods' outcomes; null where a method did not run or measure. */
export interface Evidence {
  readonly ancestorsGiven: number;
  /** Given ancestors whose weights could not be read, fingerprints among them. */
  readonly ancestorsUnread: number;
  /** Stated, not measured: no other ancestor exists. Never true where one of those given could not be read. */
  readonly ancestorsClosed: boolean;
  /** Equal content of all weights: by hash (whole files, or every counted tensor), or value by value under a lossless cast. */
  readonly equalWeights: { readonly inAncestor: boolean; readonly by: "files" | "tensors" | "values" } | null;
  readonly nothingInCommon: boolean;
  readonly aligned: { readonly says: string; readonly found: AlignedStatistics } | null;
  readonly independence: Tested<IndependenceStatistics> | null;
  readonly invariant: Tested<InvariantStatistics> | null;
  readonly fingerprint: Pick<MethodOutcome, "says" | "pValueLog10" | "threshold"> | null;
}

export interface Tested<T> {
  readonly says: string;
  readonly log10P: number | null;
  readonly threshold: number | null;
  readonly found: T;
}

const identityKinds = {
  "all-weight-files-equal": "files",
  "all-tensors-identical": "tensors",
} as const;

export function evidenceOf(
  outcomes: readonly MethodOutcome[],
  { ancestorsGiven, ancestorsClosed }: Pick<Evidence, "ancestorsGiven" | "ancestorsClosed">,
): Evidence {
  const of = (id: string) => outcomes.find((outcome) => outcome.method === id);
  const identity = of("identity");
  const equal = identity?.reasons.find(({ code }) => Object.hasOwn(identityKinds, code));
  const alignedOutcome = of("weights/aligned");
  const aligned = alignedStatisticsSchema.safeParse(alignedOutcome?.statistics).data;
  const unread = unreadAncestors(alignedOutcome, ancestorsGiven);
  return {
    ancestorsGiven,
    ancestorsUnread: unread,
    ancestorsClosed: ancestorsClosed && unread === 0,
    equalWeights: equal
      ? {
          inAncestor: equal.facts.inAncestor === true || heldByAncestor(aligned ?? null),
          by: identityKinds[equal.code as keyof typeof identityKinds],
        }
      : equalByValue(of("weights/full"), aligned ?? null),
    nothingInCommon: of("architecture")?.reasons.some(({ code }) => code === "no-shape-in-common") ?? false,
    aligned: alignedOutcome && aligned ? { says: alignedOutcome.says, found: aligned } : null,
    independence: tested(of("weights/independence"), (value) =>
      independenceStatisticsSchema.safeParse(value),
    ),
    invariant: tested(of("weights/invariant"), (value) => invariantStatisticsSchema.safeParse(value)),
    fingerprint: of("weights/fingerprint") ?? null,
  };
}

/** Every byte was read, every tensor has its partner, and all values that count are equal: a lossless cast at most. */
function equalByValue(
  outcome: MethodOutcome | undefined,
  aligned: AlignedStatistics | null,
): Evidence["equalWeights"] {
  const full = weightsFullStatisticsSchema.safeParse(outcome?.statistics).data;
  if (full === undefined) return null;
  const { compared, unpaired, notCompared } = full;
  const whole = unpaired.original + unpaired.suspect + notCompared === 0;
  if (!whole || compared.elements === 0 || compared.equal !== compared.elements) return null;
  return { inAncestor: heldByAncestor(aligned), by: "values" };
}

/** A given ancestor has the very values of everything that would count. */
function heldByAncestor(aligned: AlignedStatistics | null): boolean {
  return (
    aligned !== null &&
    aligned.tensors.counted === 0 &&
    aligned.groups.some(({ leftOut }) => (leftOut["common-ancestor"] ?? 0) > 0)
  );
}

/** As weights/aligned says; where it did not run, or had nothing to read, nobody has read any of them. */
function unreadAncestors(aligned: MethodOutcome | undefined, given: number): number {
  const codes = new Map(aligned?.reasons.map(({ code, facts }) => [code, facts]));
  if (aligned === undefined || codes.has("no-weights-read") || codes.has("checkpoint-refused")) return given;
  return Number(codes.get("ancestors-not-read")?.unread ?? 0);
}

function tested<T>(
  outcome: MethodOutcome | undefined,
  parse: (value: unknown) => { readonly data?: T | undefined },
): Tested<T> | null {
  const found = parse(outcome?.statistics).data;
  if (outcome === undefined || found === undefined) return null;
  const { says, pValueLog10, threshold } = outcome;
  return { says, log10P: pValueLog10, threshold, found };
}
