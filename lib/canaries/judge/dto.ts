import type { Judgement } from "@/lib/engine/canary/judge";
import type { JobState } from "@/lib/platform/jobs/job-state";
import type { Authenticity, AuthenticityReason } from "./authenticity";
import type { JudgeProgress } from "./schema";

/** An answer set as a judgement used it. */
export interface JudgedAnswersDto {
  readonly id: string;
  readonly name: string;
  readonly authenticity: Authenticity;
  readonly authenticityReasons: readonly AuthenticityReason[];
}

/** A judging and what came of it. */
export interface JudgementDto {
  readonly id: string;
  readonly setId: string;
  readonly state: JobState;
  readonly ended: boolean;
  readonly progress: JudgeProgress | null;
  readonly attempts: number;
  readonly failure: {
    readonly code: string;
    readonly detail: Readonly<Record<string, string | number>>;
  } | null;
  readonly suspect: { readonly id: string; readonly name: string };
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  /** Null until it has ended well, and where the result was redacted. */
  readonly judged: {
    /** The judgement that stands: this one, or the earlier one with the same digest. */
    readonly judgementId: string;
    readonly result: Judgement;
    /** The judge, "canary/judge@version", if that version was recalled: nothing may rest on this judgement. */
    readonly recalled: readonly string[];
    readonly digest: string;
    readonly original: JudgedAnswersDto;
    readonly suspect: JudgedAnswersDto;
    readonly references: readonly JudgedAnswersDto[];
    /** Registered references that were not given to the judge. */
    readonly leftOut: readonly { readonly id: string; readonly name: string; readonly reason: string }[];
    readonly bundle: { readonly sha256: string; readonly size: number; readonly path: string };
    readonly build: { readonly sha256: string; readonly path: string } | null;
    /** Entry of its "verify" statement; null while that waits for the log. */
    readonly entry: number | null;
    /** Lines to paste that compute it again on any machine with Node. */
    readonly reproduce: readonly string[];
  } | null;
}

export interface JudgementRowDto {
  readonly id: string;
  readonly setId: string;
  readonly suspect: { readonly id: string; readonly name: string };
  readonly state: JobState;
  readonly says: Judgement["says"] | null;
  /** Never of a recalled one. */
  readonly movesFinding: boolean | null;
  /** As in JudgementDto. */
  readonly recalled: readonly string[];
  readonly digest: string | null;
  readonly createdAt: Date;
}
