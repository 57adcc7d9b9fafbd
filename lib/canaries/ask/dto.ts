import type { JobState } from "@/lib/platform/jobs/job-state";
import type { AskProgress } from "./schema";

/** A questioning as its page shows it. */
export interface AskJobDto {
  readonly id: string;
  readonly setId: string;
  readonly role: "original" | "suspect" | "reference";
  readonly name: string;
  readonly endpoint: string;
  /** The operator's name for the endpoint; null where it is anybody's. */
  readonly operated: string | null;
  readonly model: string;
  readonly state: JobState;
  readonly ended: boolean;
  readonly progress: AskProgress | null;
  readonly budget: number;
  readonly attempts: number;
  readonly cancelRequested: boolean;
  readonly failure: {
    readonly code: string;
    readonly detail: Readonly<Record<string, string | number>>;
  } | null;
  /** The answers that came of it: "ans_…". */
  readonly answerSetId: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly may: { readonly cancel: boolean };
}
