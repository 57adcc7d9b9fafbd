import type { CanaryTerms, ImageFacts, Opening } from "@/lib/engine/canary";
import type { EntryLine } from "@/lib/ledger";
import type { AuthenticityReason } from "./judge/authenticity";
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

export interface SetListDto {
  readonly rows: readonly SetRowDto[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  /** Whose sets they are; null in a list of everybody's. */
  readonly owner: {
    readonly id: string;
    readonly name: string | null;
    /** Sets with items still sealed, in time and past it. */
    readonly unrevealed: number;
    readonly failed: number;
  } | null;
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
  /** What the answers are worth as of now, as a judgement would take them, and why. */
  readonly authenticity: Authenticity;
  readonly authenticityReasons: readonly AuthenticityReason[];
  /** What was known when they were registered: the class that their entry in the log states. */
  readonly registeredAs: Authenticity;
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
  /** The viewer collected them. */
  readonly mine: boolean;
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

/** An item that the program of a generator set has drawn. */
export interface DrawnItemDto {
  readonly index: number;
  readonly id: string;
  readonly answer: string;
  /** The picture it was rendered to, once it is here: bytes stand under the SHA-256 among the blobs. */
  readonly image: ImageFacts | null;
}

/** What a reader sees of an item beside answers to it. */
export interface ShownItemDto {
  readonly prompt: string | null;
  /** SHA-256 of its picture among the blobs. */
  readonly image: string | null;
}

/** Whether this site can ask the items of a set, or why not. */
export type Askable = "yes" | "no-terms" | "sealed" | "not-drawn" | "no-pictures";

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
  /** Of a generator set: no dated entry fixed the original's weights before the items were drawn. */
  | "fixed-after-draw"
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

/** References as a judgement counts them. */
export interface PanelDto {
  readonly registered: number;
  /** Independent families with a usable member. */
  readonly families: number;
  readonly needed: number;
  /** Names in the terms that no answers count for yet. */
  readonly unasked: readonly string[];
  /** Registered, and not counted: by a code. */
  readonly leftOut: readonly { readonly id: string; readonly name: string; readonly reason: string }[];
}

export interface SetPageDto extends SetRowDto {
  readonly authorKeyId: string | null;
  readonly terms: CanaryTerms | null;
  readonly nonce: NonceDto;
  /** Sets of the same namespace or account committed no later than this one, itself included. */
  readonly setsOfNamespace: number;
  readonly answers: readonly AnswerSetDto[];
  readonly panel: PanelDto;
  /** Openings that can be read: all that were revealed but for redacted ones. */
  readonly readableOpenings: number;
  /** Of a generator set: drawn items without a picture here; null of other sets, and before the draw. */
  readonly picturesMissing: number | null;
  readonly askable: Askable;
  /** Commit, nonce, original: the steps that do not depend on a suspect. */
  readonly chain: readonly ChainStepDto[];
  readonly entries: readonly EntryLine[];
  readonly redaction: { readonly at: Date; readonly reason: string } | null;
  readonly may: {
    readonly reveal: boolean;
    readonly link: boolean;
    readonly answer: boolean;
    /** Register the original's own answers, which are its author's side's. */
    readonly original: boolean;
  };
}
