/** Safe for the client: types, schemas and pure functions only. */
export type * from "./dto";
export { extractLinks, linksPerText, webAddress } from "./links";
export * from "./schema";
