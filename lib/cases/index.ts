/** Safe for the client: types, schemas and pure functions only. */
export { citeBibtex, citeGbt7714, permalink } from "./citation";
export { claimAllowed, claimsAgainstDeclared } from "./claims";
export type * from "./dto";
export { type CaseAccess, may } from "./policy";
export type { RecalledVersion } from "./recalled";
export * from "./schema";
