import type { Interest, RedactedDto } from "@/lib/cases";
import type { EntryDate } from "@/lib/ledger";

export type PostKind = "statement" | "evidence" | "reply" | "party-reply";

export interface LinkDto {
  readonly url: string;
  /** What the address answered when we asked; null while the capture is waiting. */
  readonly capture: {
    readonly finalUrl: string | null;
    readonly status: number | null;
    readonly contentType: string | null;
    readonly size: number | null;
    readonly sha256: string | null;
    readonly failure: string | null;
    readonly capturedAt: string;
    /** On what this date rests; null where it never was recorded: on the page's own word. */
    readonly date: EntryDate | null;
  } | null;
}

export interface PostDto {
  readonly id: string;
  readonly kind: PostKind;
  readonly claimId: string | null;
  readonly parentId: string | null;
  /** Public name or pseudonym; null once the account is gone without one. */
  readonly author: string | null;
  readonly party: {
    readonly id: string;
    readonly side: "original" | "suspect";
    readonly name: string;
  } | null;
  readonly interest: Interest;
  readonly interestNote: string | null;
  readonly state: "visible" | "waiting" | "withdrawn";
  /** Sanitised HTML; empty when withdrawn. */
  readonly html: string;
  /** The words of the current version were taken away, when and on what ground. */
  readonly redaction: RedactedDto | null;
  readonly version: number;
  readonly createdAt: string;
  /** When the current version was written, if it is not the first. */
  readonly changedAt: string | null;
  readonly changeKind: "edit" | "correction" | null;
  readonly links: readonly LinkDto[];
  readonly own: boolean;
}

export interface ThreadPostDto extends PostDto {
  readonly replies: readonly ThreadPostDto[];
}

export interface ThreadDto {
  readonly statement: PostDto | null;
  /** Replies of named parties, oldest first: pinned, never in the thread. */
  readonly partyReplies: readonly PostDto[];
  /** Evidence on the case and its claims, with replies, oldest first. */
  readonly posts: readonly ThreadPostDto[];
}

export interface DiffPart {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

export interface PostVersionDto {
  readonly version: number;
  readonly kind: "first" | "edit" | "correction";
  readonly createdAt: string;
  readonly html: string;
  readonly redaction: RedactedDto | null;
  /** Against the version before; empty for the first. */
  readonly diff: readonly DiffPart[];
}

export interface PostPageDto {
  readonly post: PostDto;
  readonly case: {
    readonly id: string;
    readonly publicId: string;
    readonly original: string;
    readonly suspect: string;
    readonly unlisted: boolean;
  };
  readonly claimNumber: number | null;
  readonly versions: readonly PostVersionDto[];
  readonly replies: readonly PostDto[];
}

/** The author's own view, to edit or correct. */
export interface OwnPostDto {
  readonly id: string;
  readonly version: number;
  readonly body: string;
  /** After the first reply a change is a dated correction. */
  readonly locked: boolean;
  readonly casePublicId: string;
}

export interface ChangesSinceDto {
  /** The version that is current now. */
  readonly version: number;
  readonly locked: boolean;
  readonly diff: readonly DiffPart[];
}
