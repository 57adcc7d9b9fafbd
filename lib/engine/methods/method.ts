import type { PinnedRelease, ReleaseReader } from "../io/source/release";
import type { LeafStore } from "../weights/full-pass-store";

export type MethodId =
  | "identity"
  | "architecture"
  | "tokenizer"
  | "weights/aligned"
  | "weights/independence"
  | "weights/invariant"
  | "weights/full"
  | "weights/fingerprint"
  | "code"
  | "lineage";

/** exact: the p-value holds for any suspect under the stated null; calibrated: needs controls; descriptive: no p at all. */
export type MethodKind = "exact" | "calibrated" | "descriptive";

/** A coded reason with its facts. Sentences are made from it at the edge, in both languages (methods/<id>/explain.ts). */
export interface Reason {
  readonly code: string;
  readonly facts: Readonly<Record<string, Json>>;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A sentence for people in both languages. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** What a method found. Everything in it is part of the digest: no clock, host, address or mirror inside. */
export interface MethodOutcome<Id extends string = string> {
  readonly method: Id;
  readonly version: string;
  readonly kind: MethodKind;
  /** Null hypothesis in words, or null for a descriptive method. */
  readonly null: string | null;
  readonly statistics: { readonly [key: string]: Json };
  readonly pValueLog10: number | null;
  readonly threshold: number | null;
  readonly falseFlags: { readonly observed: number; readonly of: number } | null;
  /** One closed code per method, e.g. "same-files", "same-structure", "not-testable". */
  readonly says: string;
  readonly reasons: readonly Reason[];
}

export interface MethodInput {
  readonly original: ReleaseReader;
  readonly suspect: ReleaseReader;
  readonly ancestors: readonly ReleaseReader[];
  readonly controls: readonly ReleaseReader[];
  /** Fixed beforehand and part of the digest. */
  readonly parameters: MethodParameters;
  /** What several methods of one run need is computed once. The key names everything that the value depends on. */
  shared<T>(key: string, make: () => Promise<T>): Promise<T>;
  /** Where a full read keeps what it has done, so that it can be taken up again. Changes nothing in any result. */
  readonly leafStore?: LeafStore;
  /** Kernel threads of a full read; as many as the machine has (at most 4) unless told. Changes nothing in any result. */
  readonly threads?: number;
  /** Part of this method's work done, 0 … 1. */
  readonly onProgress?: (part: number) => void;
  readonly signal?: AbortSignal;
}

export interface MethodParameters {
  /** Hexadecimal; empty by default. */
  readonly nonce: string;
  /** Models looked at before this pair was chosen; multiplies every p-value. */
  readonly screened: number;
  /** 1 aligned samples, 2 independence tests too, 3 every byte. */
  readonly level: 1 | 2 | 3;
}

/** A verification method. Pure but for the readers it is given; same input, same outcome, on every machine. */
export interface Method<Id extends string = string> {
  readonly id: Id;
  readonly version: string;
  /** Runs only from this level on; 0 reads no weights. */
  readonly level?: 0 | 1 | 2 | 3;
  /** False for inputs that it has nothing to say about: it is then left out, as if it had not been asked for. */
  appliesTo?(releases: readonly PinnedRelease[]): boolean;
  run(input: MethodInput): Promise<MethodOutcome<Id>>;
  /** Sentences for people from the coded outcome. Not part of the digest. */
  explain(outcome: MethodOutcome): Bilingual;
}
