import type { z } from "zod";
import type { EntryDate, EntryLine } from "@/lib/ledger";
import type {
  CaptureNote,
  CheckpointLabel,
  Declared,
  FingerprintKind,
  jobFailureSchema,
  jobProgressSchema,
  MetadataFile,
  SupersedeReason,
  TensorSummary,
} from "./schema";

export type ReleaseSource = "hf" | "github";

export interface ListedFileDto {
  readonly path: string;
  readonly size: number | null;
  readonly gitOid: string | null;
  readonly lfsSha256: string | null;
}

export interface ReleaseDto {
  readonly id: string;
  readonly source: ReleaseSource;
  /** "org/name" */
  readonly repository: string;
  /** 40 hex digits. */
  readonly commit: string;
  /** "hf:org/name@commit": what the command line takes. */
  readonly spec: string;
}

/** What was observed of a release at one moment. */
export interface CaptureDto {
  readonly id: string;
  readonly release: ReleaseDto;
  readonly observedAt: Date;
  readonly licence: string | null;
  readonly declared: Declared;
  readonly likes: number | null;
  readonly downloads: number | null;
  readonly files: readonly ListedFileDto[];
  /** Files whose bytes were kept, with their SHA-256. */
  readonly metadata: readonly MetadataFile[];
  readonly tensors: TensorSummary | null;
  readonly notes: readonly CaptureNote[];
}

/** A capture that something public rests on. */
export interface RecordedCaptureDto extends CaptureDto {
  /** On what its date rests; null where it is not on record: on the page's own word. */
  readonly date: EntryDate | null;
}

/** A capture somebody may register or draft a case from within the hour. */
export interface PreparedCapture extends CaptureDto {
  readonly captureId: string;
  readonly releaseId: string;
  readonly expiresAt: Date;
}

/** A preview shown again; once it has expired it must be read anew before it is recorded. */
export interface ShownPreview extends PreparedCapture {
  readonly expired: boolean;
}

/** The same release read anew for a preview that had expired. */
export interface RenewedPreview extends PreparedCapture {
  /** Files, metadata, licence, lineage and tensors are as the expired preview showed them. */
  readonly unchanged: boolean;
}

export interface ModelRowDto {
  readonly id: string;
  readonly name: string;
  readonly release: ReleaseDto;
  readonly licence: string | null;
  readonly parameters: number | null;
  /** Public name of who registered it; null once the name is gone. */
  readonly registrant: string | null;
  readonly state: "registered" | "withdrawn";
  readonly example: boolean;
  readonly createdAt: Date;
}

export interface CommitmentDto {
  readonly setId: string;
  readonly root: string;
  readonly items: number;
  readonly kind: "random-label" | "natural" | "generator";
  readonly createdAt: Date;
}

export interface WeightFingerprintDto {
  readonly id: string;
  readonly schema: string;
  /** 64 hex digits. */
  readonly digest: string;
  /** computed: by this instance, from the registered release; author: handed in by the registrant. */
  readonly origin: "computed" | "author";
  /** SHA-256 of the file, under which the blob store gives it. */
  readonly file: string;
  readonly size: number;
  readonly tensors: number;
  readonly commit: string | null;
  readonly signedBy: string | null;
  readonly build: string | null;
  readonly createdAt: Date;
}

export interface FingerprintRowDto extends WeightFingerprintDto {
  readonly model: Pick<ModelRowDto, "id" | "name" | "state">;
}

export interface FingerprintJobDto {
  readonly id: string;
  readonly kind: FingerprintKind;
  readonly state: "queued" | "running" | "finished" | "failed" | "cancelled";
  readonly progress: z.infer<typeof jobProgressSchema>;
  readonly failure: z.infer<typeof jobFailureSchema>;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export interface CheckpointDto {
  readonly id: string;
  readonly release: ReleaseDto;
  readonly label: CheckpointLabel;
  readonly step: number | null;
  readonly observedAt: Date;
  /** As in RecordedCaptureDto. */
  readonly date: EntryDate | null;
  readonly createdAt: Date;
}

/** A case that names this release, as far as everybody may know of it. */
export interface ModelCaseDto {
  readonly publicId: string;
  readonly state: string;
  readonly finding: string;
  readonly role: string;
  readonly openedAt: Date | null;
}

export interface ModelPageDto extends ModelRowDto {
  /** Name and statement were taken away, when and on what ground. */
  readonly redaction: { readonly at: Date; readonly reason: string } | null;
  readonly statement: string | null;
  readonly withdrawnAt: Date | null;
  readonly withdrawReason: string | null;
  /** The registration that took its place. */
  readonly supersededBy: {
    readonly id: string;
    readonly name: string;
    readonly at: Date;
    readonly reason: SupersedeReason;
  } | null;
  /** Registrations whose place it took. */
  readonly supersedes: readonly { readonly id: string; readonly name: string; readonly at: Date }[];
  readonly capture: RecordedCaptureDto;
  readonly fingerprints: readonly {
    readonly schema: string;
    readonly digest: string;
    readonly document: string;
    readonly createdAt: Date;
  }[];
  readonly weightFingerprints: readonly WeightFingerprintDto[];
  /** The latest computation of each kind that has not led to a fingerprint yet. */
  readonly fingerprintJobs: readonly FingerprintJobDto[];
  readonly checkpoints: readonly CheckpointDto[];
  readonly commitments: readonly CommitmentDto[];
  readonly cases: readonly ModelCaseDto[];
  /** Other registrations of the same release. */
  readonly others: readonly { readonly id: string; readonly name: string; readonly createdAt: Date }[];
  /** Acts that wait for the log. */
  /** Public acts about it and where they stand in the log. */
  readonly entries: readonly EntryLine[];
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

export interface ReleasePageDto extends ReleaseDto {
  /** Captures that something public rests on, oldest first. */
  readonly captures: readonly RecordedCaptureDto[];
  readonly models: readonly Pick<ModelRowDto, "id" | "name" | "state" | "createdAt">[];
  readonly cases: readonly ModelCaseDto[];
}
