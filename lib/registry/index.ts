export type {
  CaptureDto,
  CommitmentDto,
  ListedFileDto,
  ModelCaseDto,
  ModelPageDto,
  ModelRowDto,
  Page,
  PreparedCapture,
  ReleaseDto,
  ReleaseSource,
  ShownPreview,
} from "./dto";
export {
  type CaptureNote,
  type CommitmentInput,
  commitmentKinds,
  type Declared,
  type MetadataFile,
  type RegisterModelInput,
  type TensorSummary,
} from "./schema";
