// Safe for the client: types, schemas and pure rules.
export type {
  ReproduceLines,
  RunInputDto,
  RunPageDto,
  RunProgressDto,
  RunResultDto,
  RunRowDto,
  RunStateName,
} from "./dto";
export { listedMethods } from "./listed-methods";
export { type RecallReason, recallReasons } from "./recall-reasons";
export type { ReproductionDto } from "./reproductions";
export {
  checkIdSchema,
  methodSchema,
  type Progress,
  type QueueRunInput,
  type RunFailure,
  type RunLevel,
  type RunMethod,
  type RunParameters,
  type RunRole,
  runIdSchema,
  type StartCheckInput,
  startCheckSchema,
} from "./schema";
