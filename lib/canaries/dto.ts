import type { CanaryTerms, Opening } from "@/lib/engine/canary";
import type { EntryLine } from "@/lib/ledger";
import type { Adapter, AnswerRole, Authenticity, NonceSource } from "./schema";
import type { SetState } from "./state";

/** What the set is counted under. */
export interface NamespaceDto {
  readonly kind: "huggingface" | "account";
  /** The proved name; of an account its public name, which may change, or null once it is gone. */
  readonly name: string | null;
}

export interface SetRowDto {
  readonly id: string;
  readonly setId: string;
  readonly root: string;
  readonly items: number;
  readonly kind: "random-label" | "natural" | "generator";
  readonly state: SetState;
  readonly revealed: number;
  readonly ownerId: string;
  readonly owner: string | null;
  readonly namespace: NamespaceDto;
  readonly model: { readonly id: string; readonly name: string } | null;
  readonly primary: "secret" | "robust" | "rank" | null;
  readonly threshold: string | null;
  readonly revealBy: Date | null;
  readonly example: boolean;
  readonly createdAt: Date;
}

export type NonceDto =
  /** No terms, or a natural set that draws nothing. */
  | { readonly state: "none" }
  | { readonly state: "waiting"; readonly dueAt: Date | null; readonly failure: string | null }
  | { readonly state: "known"; readonly nonce: string; readonly source: NonceSource; readonly at: Date };

export interface AnswerSetDto {
  readonly id: string;
  readonly setId: string;
  readonly role: AnswerRole;
  readonly name: string;
  readonly family: string | null;
  readonly base: string | null;
  readonly vendor: string | null;
  readonly corpus: string | null;
  /** "hf:org/name@commit" */
  readonly release: string | null;
  readonly weights: string | null;
  readonly authenticity: Authenticity;
  readonly adapter: Adapter;
  readonly calls: number;
  readonly transcript: {
    readonly root: string;
    /** SHA-256 among the blobs; null while its collector keeps it, or it may not be read yet. */
    readonly blob: string | null;
    readonly size: number | null;
  } | null;
  /** 64 hex digits: what the log states of the answers, salted. */
  readonly answersSha256: string;
  /** 64 hex digits, once the answers may be read: with it their digest can be computed. */
  readonly answersSalt: string | null;
  readonly lines: number;
  readonly answered: number;
  /** "held": only their collector may read the answers, until the items are revealed. */
  readonly status: "held" | "logged";
  /** Public name of who asked; null where this instance did (site), or where the name is gone. */
  readonly collector: { readonly site: boolean; readonly name: string | null };
  readonly confirms: string | null;
  /** Where the statement stands in the log; null while it waits. */
  readonly entry: number | null;
  readonly createdAt: Date;
}

/** An opening as it is published; the image stands under its SHA-256 among the blobs. */
export interface RevealedItemDto {
  readonly index: number;
  readonly itemId: string;
  readonly opening: Omit<Opening, "image">;
  readonly image: string | null;
  readonly target: number | null;
  readonly batch: number;
  readonly revealedAt: Date;
}

export type ChainStepId = "commit" | "nonce" | "original" | "observed" | "answers" | "reveal";
export type ChainReason =
  | "ordered"
  /** It has not happened, or waits for the log. */
  | "not-logged"
  | "not-yet"
  /** Nothing is drawn from a beacon. */
  | "not-needed"
  | "no-terms"
  | "no-beacon"
  /** No witness and no timestamp authority: the date rests on our word. */
  | "our-word"
  | "vouched-too-late"
  | "not-cited"
  | "not-covered"
  | "foreign-checkpoint"
  /** The items' hashes name a key that did not sign the commitment. */
  | "author-key-unproved"
  /** Neither a release nor a digest says which weights answered. */
  | "weights-not-pinned"
  /** The round of the beacon was known before the commitment was dated by anybody else. */
  | "beacon-before-commitment"
  /** This instance had looked at the suspect before, unlogged. */
  | "seen-before"
  /** The statement was redacted: what it cited can no longer be read. */
  | "redacted";

/** One link of the chain that makes it evidence (CANARIES.md, "The order"). */
export interface ChainStepDto {
  readonly id: ChainStepId;
  /** Entry of the log; null where there is none (the nonce, or what has not happened). */
  readonly index: number | null;
  /** ISO time: of the entry as the log states it, of the beacon's round. */
  readonly at: string | null;
  /** True when it is proved to be later than the step before it. */
  readonly ok: boolean;
  readonly reason: ChainReason;
  /** On what the date rests; null where nothing is dated. */
  readonly basis: "our-word" | "witnessed" | "timestamped" | null;
}

export interface SetPageDto extends SetRowDto {
  readonly authorKeyId: string | null;
  readonly terms: CanaryTerms | null;
  readonly nonce: NonceDto;
  /** Sets of the same namespace or account committed no later than this one, itself included. */
  readonly setsOfNamespace: number;
  readonly answers: readonly AnswerSetDto[];
  /** Commit, nonce, original: the steps that do not depend on a suspect. */
  readonly chain: readonly ChainStepDto[];
  readonly entries: readonly EntryLine[];
  readonly redaction: { readonly at: Date; readonly reason: string } | null;
  readonly may: { readonly reveal: boolean; readonly link: boolean; readonly answer: boolean };
}
