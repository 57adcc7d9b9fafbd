/** Safe for the client: types, schemas and pure functions only. */
export type * from "./dto";
export * from "./schema";
export { type SetFacts, type SetState, setState } from "./state";
