/** Safe for the client: types, schemas and pure functions only. */
export { type CitationFacts, citeBibtex, citeGbt7714, permalink } from "./citation";
export { claimAllowed, claimsAgainstDeclared } from "./claims";
export type * from "./dto";
export { type CaseAccess, type CaseMay, may } from "./policy";
export * from "./schema";
