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
export {
  checkIdSchema,
  methodIds,
  methodSchema,
  type Progress,
  type QueueRunInput,
  queueRunSchema,
  type RunFailure,
  type RunMethod,
  type RunParameters,
  type RunRole,
  runIdSchema,
  type StartCheckInput,
  startCheckSchema,
} from "./schema";
export { hasEnded } from "./state";
