// Server only: commands and queries. Types, schemas and pure functions safe for the client are in index.ts.

export { acceptParty } from "./accept-party";
export { appendCaseEvent } from "./append-case-event";
export { caseSubjects, isListed, recordCaseAct } from "./case-acts";
export { casePage } from "./case-page";
export { casePaths } from "./case-paths";
export { claimPage } from "./claim-page";
export { documentCase } from "./document-case";
export { type DraftOutcome, draftCase } from "./draft-case";
export { draftPage } from "./draft-page";
export { eraseClaim, eraseNotice, eraseRecord, eraseRepositoryOfCases } from "./erase-words";
export { expireDrafts } from "./expire-drafts";
export { casesAfter, casesOfUser, latestCases, listCases } from "./list-cases";
export { accessOf, type CaseRow, factsOf, findCase, lockCase, namesOf } from "./load-case";
export { moderationPage, moderationQueue } from "./moderation-queue";
export { moveCase } from "./move-case";
export { actorOf } from "./policy";
export {
  type RecalledVersion,
  type RecalledVersions,
  recalledAmong,
  recalledVersions,
} from "./recalled";
export { retractDraft } from "./retract-draft";
export { returnFinding } from "./return-finding";
export { transition } from "./state";
export { submitCase } from "./submit-case";
export { updateDraft } from "./update-draft";
export { withdrawCase } from "./withdraw-case";
