import type { CanaryItem } from "../items";
import type { CanaryTerms } from "../terms";
import type { Answer } from "../transcript/answers";

/** What an answer set is worth, from least to most. */
export const authenticities = ["claimed", "re-run", "two-collectors"] as const;
export type Authenticity = (typeof authenticities)[number];

export const isWeaker = (a: Authenticity, b: Authenticity) =>
  authenticities.indexOf(a) < authenticities.indexOf(b);

/** Anything below a re-run: whoever handed the answers in could have written them down. */
export const isClaimed = ({ authenticity }: Pick<AnswerSet, "authenticity">) =>
  isWeaker(authenticity, "re-run");

/** What is declared or detected about where a model comes from; equal strings are one base, vendor, corpus. */
export interface Origin {
  readonly base?: string;
  readonly vendor?: string;
  readonly corpus?: string;
}

/** Answers of one model, and where they come from. */
export interface AnswerSet {
  readonly role: "original" | "suspect" | "reference";
  readonly name: string;
  /** SHA-256 over the weights that answered, where they were pinned. */
  readonly weights: string | null;
  readonly authenticity: Authenticity;
  readonly transcript: { readonly root: string; readonly calls: number } | null;
  /** An item without an answer is a blank. */
  readonly answers: readonly Answer[];
  readonly origin?: Origin;
}

export interface ReferenceSet extends AnswerSet {
  readonly role: "reference";
  /** Models of one family are one independent observation. A text: it joins models, and parts none. */
  readonly family: string;
  /** What else shows that models are related, such as "base:org/name" or "vendor:org": equal strings join families. */
  readonly kin?: readonly string[];
  /** Fixed before anybody could know the items: registered before the first reveal, or pinned before the draw. */
  readonly beforeReveal: boolean;
}

/** What of the terms the judge needs; CanaryTerms is one. Without a threshold nothing was registered in advance. */
export type JudgeTerms = Pick<
  CanaryTerms,
  "kind" | "items" | "options" | "primary" | "fold" | "needsReferences" | "beacon"
> &
  Partial<Pick<CanaryTerms, "references" | "generator">> & {
    readonly normaliser: string;
    readonly threshold: string | null;
  };

export interface JudgedItem {
  readonly index: number;
  readonly item: CanaryItem;
  /** Index of the drawn option; random-label items only. */
  readonly target?: number;
}

/** Whether the order that makes answers evidence was kept; null where nobody checked it (a local computation). */
export interface OrderCheck {
  readonly ok: boolean | null;
  /** Codes of the steps that are out of order or rest on our word alone. */
  readonly withheld: readonly string[];
}

export interface JudgeInput {
  readonly terms: JudgeTerms;
  /** 64 hex digits, where one was drawn. */
  readonly nonce: string | null;
  /**
   * Whether it is known to be what the terms named: verified against the key of a chain that everybody knows (unless told
   * otherwise), against that of another chain, or taken as somebody gave it.
   */
  readonly nonceIs?: "verified" | "of-unknown-chain" | "given";
  /** Items whose openings were verified. Those that are missing here are unrevealed, and count as misses. */
  readonly items: readonly JudgedItem[];
  /** Items committed. */
  readonly size: number;
  readonly original: AnswerSet;
  readonly suspect: AnswerSet;
  readonly references: readonly ReferenceSet[];
  /** What original and suspect are declared or known to share; null for nothing. */
  readonly declaredShared: Origin | null;
  readonly order: OrderCheck;
  /** Sets of this proved namespace committed before the responses, this one included; ≥ 1. */
  readonly setsOfNamespace: number;
  /** Other (suspect × original) pairs tried with their primary log10 p; this pair is not among them. */
  readonly pairsTried: readonly { readonly name: string; readonly log10p: number }[];
  /** How the targets were drawn: each by itself (the protocol), or as a permutation of all labels. */
  readonly draw?: "independent" | "permutation";
  /** "given": answers were normalised before and are compared as they are. */
  readonly answersAre?: "raw" | "given";
}
