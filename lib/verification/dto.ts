import type { ResultDocument } from "@/lib/engine/result/document";
import type { ResultDates } from "./first-captures";
import type { Progress, RunFailure, RunParameters, RunRole } from "./schema";

export type RunStateName = "queued" | "running" | "finished" | "failed" | "cancelled";

/** What streams to a progress bar: small, the same for everybody who may see the run. */
export interface RunProgressDto {
  readonly id: string;
  readonly state: RunStateName;
  /** True when nothing more will happen to this run. */
  readonly ended: boolean;
  readonly progress: Progress | null;
  readonly attempts: number;
  readonly cancelRequested: boolean;
  readonly failure: RunFailure | null;
  /** "sha256:…" once finished. */
  readonly digest: string | null;
  /** Runs waiting before this one; null unless queued. */
  readonly waitingBefore: number | null;
}

/** One release a run compares, as it was pinned. */
export interface RunInputDto {
  readonly role: RunRole;
  readonly position: number;
  /** "initialisation": a registered checkpoint that whoever asked for the run put among the ancestors. */
  readonly kind: "initialisation" | null;
  readonly releaseId: string;
  readonly source: "hf" | "github";
  readonly repository: string;
  readonly commit: string;
  /** "hf:org/name@commit": what the command line takes. */
  readonly spec: string;
}

export interface RunResultDto {
  /** "sha256:" + hex */
  readonly digest: string;
  /** On what the dates rest that the document states of each side; null where on the page's own word. */
  readonly dates: ResultDates;
  /** The parsed document; `documentJson` are the exact stored bytes. */
  readonly document: ResultDocument;
  readonly documentJson: string;
  /** Methods in it, "id@version", whose version was recalled: nothing may rest on this result. */
  readonly recalled: readonly string[];
  readonly capsule: { readonly sha256: string; readonly size: number; readonly path: string };
  readonly build: { readonly sha256: string; readonly path: string };
  readonly createdAt: Date;
  /** Command lines for a stranger's machine, ready to be copied. */
  readonly reproduce: ReproduceLines;
}

export interface ReproduceLines {
  /** Fetches the engine build that made the result and checks its SHA-256. */
  readonly fetchEngine: string;
  /** Runs it again, reading the repositories. */
  readonly fromRepositories: string;
  /** Runs it again from the capsule alone; works after the repositories are gone. */
  readonly fromCapsule: string;
  /** In a clone of this project. */
  readonly inClone: string;
}

export interface RunPageDto extends RunProgressDto {
  readonly kind: "case" | "check";
  readonly case: { readonly id: string; readonly publicId: string; readonly state: string } | null;
  readonly claim: {
    readonly id: string;
    readonly number: number;
    readonly kind: string;
    readonly method: string;
  } | null;
  /** The look-up this run belongs to. */
  readonly check: { readonly id: string; readonly createdAt: Date; readonly expiresAt: Date } | null;
  readonly parameters: RunParameters;
  readonly inputs: readonly RunInputDto[];
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly rerunOf: string | null;
  readonly reruns: readonly {
    readonly id: string;
    readonly state: RunStateName;
    readonly digest: string | null;
  }[];
  /** Null also when it was redacted. */
  readonly result: RunResultDto | null;
  readonly redaction: { readonly at: string; readonly reason: string } | null;
  readonly may: { readonly cancel: boolean; readonly rerun: boolean };
}

/** A line of the list of runs on a case page. */
export interface RunRowDto extends RunProgressDto {
  readonly claimId: string | null;
  readonly methods: readonly string[];
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly rerunOf: string | null;
  /** ResultDocument.summary.relation, when finished. */
  readonly relation: string | null;
  readonly notIndependent: boolean | null;
  /** As in RunResultDto. */
  readonly recalled: readonly string[];
  /** What each method says: { method, says }. */
  readonly says: readonly { readonly method: string; readonly says: string }[];
}
