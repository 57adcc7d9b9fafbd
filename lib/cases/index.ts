/** Safe for the client: types, schemas and pure functions only. */
export { type CitationFacts, citeBibtex, citeGbt7714, permalink } from "./citation";
export { claimAllowed, claimsAgainstDeclared, methodOfClaim } from "./claims";
export type * from "./dto";
export { type FindingBasis, findingProblem } from "./finding";
export { type CaseAccess, type CaseMay, may } from "./policy";
export * from "./schema";
export { appealMs, draftLifeMs, type Proposal, replyClockMs, secondLookMs } from "./state";
