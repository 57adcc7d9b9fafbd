import type { EntryDate } from "@/lib/ledger";
import type { CaseEventType } from "./events";
import type { CaseMay } from "./policy";
import type { AppealGround, CaseState, ClaimKind, Finding, FindingReason, Interest } from "./schema";
import type { Proposal } from "./state";

/** What leaves lib/cases: plain data, dates as ISO strings, already redacted for the viewer. */

export type ReleaseRole = "original" | "suspect" | "ancestor" | "control";
export type Side = "original" | "suspect";

export interface CaptureDto {
  readonly id: string;
  readonly observedAt: string;
  /** On what this date rests; null where it is not on record: on the page's own word. */
  readonly date: EntryDate | null;
  readonly licence: string | null;
  readonly declaredBases: readonly string[];
  readonly likes: number | null;
  readonly downloads: number | null;
  readonly fileCount: number;
  /** Metadata files whose bytes are kept. */
  readonly metadata: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
  readonly notes: readonly { readonly code: string }[];
}

export interface CaseReleaseDto {
  readonly role: ReleaseRole;
  readonly releaseId: string;
  readonly source: "hf" | "github";
  readonly repository: string;
  readonly commit: string;
  readonly capture: CaptureDto | null;
  /** The registration of this release, if there is one. */
  readonly modelId: string | null;
}

export interface CaseRunDto {
  readonly id: string;
  readonly claimId: string | null;
  readonly methods: readonly string[];
  readonly state: "queued" | "running" | "finished" | "failed" | "cancelled";
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly digest: string | null;
  readonly relation: string | null;
  readonly says: Readonly<Record<string, string>>;
  readonly failureCode: string | null;
  /** The result was redacted: its digest stands, its words do not. */
  readonly redacted: boolean;
  /** Methods in it, "id@version", whose version was recalled: nothing may rest on this result. */
  readonly recalled: readonly string[];
}

/** Words were taken away, when and on what ground; never what. */
export interface RedactedDto {
  readonly at: string;
  readonly reason: string;
}

export interface ClaimDto {
  readonly id: string;
  readonly number: number;
  readonly kind: ClaimKind;
  readonly method: string;
  readonly text: string;
  readonly redaction: RedactedDto | null;
  /** Runs asked for this claim, and finished runs of the whole case that included its method. Newest first. */
  readonly runs: readonly CaseRunDto[];
}

export interface PartyDto {
  readonly id: string;
  readonly side: Side;
  readonly name: string;
  /** Somebody has been accepted as speaking for this namespace. */
  readonly acceptedAt: string | null;
  readonly basis: string | null;
  readonly speaker: string | null;
  readonly hasReplied: boolean;
}

export interface TimelineDto {
  readonly sequence: number;
  readonly type: CaseEventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly actor: string | null;
}

export interface RecordDto {
  readonly position: number;
  readonly date: string;
  readonly text: { readonly en: string; readonly zh: string };
  readonly sourceKind: string;
  readonly source: string;
  readonly sourceUrl: string | null;
}

export interface AppealDto {
  /** The text with its reasons. */
  readonly postId: string;
  readonly by: "reporter" | "party";
  readonly side: Side | null;
  readonly grounds: AppealGround;
  readonly at: string;
}

export interface CaseSummaryDto {
  readonly id: string;
  readonly publicId: string;
  readonly state: CaseState;
  readonly finding: Finding;
  readonly original: string;
  readonly suspect: string;
  readonly documented: boolean;
  readonly example: boolean;
  readonly claimKinds: readonly ClaimKind[];
  readonly openedAt: string | null;
  readonly updatedAt: string;
}

export interface CasePageDto extends Omit<CaseSummaryDto, "claimKinds"> {
  readonly findingReasons: readonly FindingReason[];
  readonly declared: boolean;
  /** Unlisted: reachable by its address only, not to be indexed. */
  readonly unlisted: boolean;
  readonly interest: Interest;
  readonly interestNote: string | null;
  /** Opened by npm run case on folders of this machine. */
  readonly local: boolean;
  readonly reporter: string;
  readonly submittedAt: string | null;
  readonly notifiedAt: string | null;
  readonly replyDueAt: string | null;
  readonly resolvedAt: string | null;
  readonly withdrawnAt: string | null;
  readonly appealUntil: string | null;
  /** Appeals that wait for an answer, oldest first. */
  readonly appeals: readonly AppealDto[];
  readonly releases: readonly CaseReleaseDto[];
  readonly claims: readonly ClaimDto[];
  readonly runs: readonly CaseRunDto[];
  readonly parties: readonly PartyDto[];
  readonly timeline: readonly TimelineDto[];
  readonly record: readonly RecordDto[];
  readonly may: CaseMay & { readonly appeal: boolean };
}

export interface CaseListDto {
  readonly items: readonly CaseSummaryDto[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

export interface DraftPageDto {
  readonly id: string;
  /** The viewer wrote it; a moderator only reads it. */
  readonly own: boolean;
  readonly publicId: string | null;
  readonly declared: boolean;
  readonly submittedAt: string | null;
  readonly refusedReason: string | null;
  readonly expiresAt: string;
  readonly statement: string;
  readonly interest: Interest;
  readonly interestNote: string | null;
  readonly claims: readonly { readonly number: number; readonly kind: ClaimKind; readonly text: string }[];
  readonly releases: readonly CaseReleaseDto[];
}

export interface QueueItemDto {
  readonly id: string;
  readonly publicId: string | null;
  readonly state: CaseState;
  readonly original: string;
  readonly suspect: string;
  /** What a moderator is waited for. */
  readonly waitsFor: "review" | "reply-clock" | "second-person" | "appeal" | "none";
  readonly since: string;
}

export interface ModerationPageDto {
  readonly case: CasePageDto;
  readonly statement: string;
  readonly version: number;
  readonly proposal: Proposal | null;
  readonly proposedByViewer: boolean;
  readonly confirmableAt: string | null;
  readonly notice: { readonly en: string; readonly zh: string };
  readonly partyReplies: readonly string[];
}
