/** Safe for the client: types, schemas and pure functions only. */
export type * from "./ask/dto";
export type * from "./dto";
export type { AuthenticityReason } from "./judge/authenticity";
export type * from "./judge/dto";
export * from "./schema";
export { chainHolds, type SetFacts, type SetState } from "./state";
