/** The engine's public surface. The io part is exported by its own files below; nothing here knows the site. */
export { type CompareHooks, type CompareInput, type Comparison, compare } from "./compare";
export { EngineError, type EngineErrorCode, exitCodeOf } from "./errors";
export { canonicalJson, sha256Hex } from "./formats/canonical-json";
export { type MethodAbout, methodsAbout } from "./methods/about";
export type {
  Bilingual,
  Json,
  Method,
  MethodId,
  MethodInput,
  MethodKind,
  MethodOutcome,
  Reason,
} from "./methods/method";
export { builtInMethods, registryOf } from "./methods/registry";
export { resultDigest, type Undigested } from "./result/digest";
export {
  type CompareParameters,
  compareParametersSchema,
  type InputRelease,
  type MethodResult,
  type Relation,
  type ResultDocument,
  type ResultSummary,
  resultDocumentSchema,
  type TensorGroup,
  type Transformation,
} from "./result/document";
export { explainSummaryReason } from "./result/summary-text";
