/** Safe for the client: types, schemas and pure functions only. */
export type * from "./dto";
export { extractLinks } from "./links";
export * from "./schema";
