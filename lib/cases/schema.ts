import { z } from "zod";
import { ownKey } from "@/lib/ledger";

/** Inputs of the commands. Forms and the API validate with the same schemas. */

export const caseStates = [
  "draft",
  "notified",
  "open",
  "under_verification",
  "resolved",
  "withdrawn",
] as const;
export const findings = [
  "not_examined",
  "inconclusive",
  "consistent_with_independent",
  "consistent_with_derivation",
  "attributed",
  "licence_terms_not_met",
  "acknowledged",
] as const;
export const interests = [
  "none",
  "author-of-original",
  "author-of-suspect",
  "employed",
  "competitor",
  "other",
] as const;
export const claimKinds = [
  "same-files",
  "same-structure",
  "same-tokenizer",
  "same-weights",
  "same-code",
  "lineage-undeclared",
  "licence-notice",
  "undeclared-part",
] as const;

/** Why a draft is sent back. Public once the case is. */
export const refusalReasons = [
  "not-about-releases",
  "no-measurable-claim",
  "names-people",
  "private-data",
  "duplicate-pair",
  "declared-derivative",
] as const;
/** What happened to the evidence after the notice: opens the case at once. */
export const riskReasons = ["deleted", "hidden", "made-private"] as const;
/** Besides, for npm run case alone: folders of this machine, about which there is nobody to tell. */
const openEarlyReasons = [...riskReasons, "local-folders"] as const;
export const reopenReasons = ["new-evidence", "appeal-accepted", "method-recalled"] as const;
/** Why somebody whom the end of a case concerns asks for another look at it. */
export const appealGrounds = [
  "reply-not-considered",
  "evidence-not-considered",
  "measurement-wrong",
  "wrong-release",
  "procedure-not-followed",
] as const;
/** Why an appeal changes nothing. */
export const dismissalReasons = ["considered-before", "runs-bear-it-out", "not-about-the-decision"] as const;
export const withdrawReasons = [
  "mistaken",
  "settled",
  "duplicate",
  "lineage-since-declared",
  "other",
] as const;
export const partyBases = [
  "challenge-file",
  "card-contact",
  "organisation-account",
  "public-statement",
] as const;
/** Reasons a finding may rest on; each is checked against runs, captures and replies (finding.ts). */
export const findingReasonCodes = [
  "metadata-only",
  "runs-disagree",
  "not-testable",
  "identical-weights",
  "two-families-agree",
  "tests-found-nothing",
  "card-declares-original",
  "licence-notice-missing",
  "party-acknowledged",
] as const;

export type CaseState = (typeof caseStates)[number];
export type Finding = (typeof findings)[number];
export type Interest = (typeof interests)[number];
export type AppealGround = (typeof appealGrounds)[number];
export type ClaimKind = (typeof claimKinds)[number];

export const interestFields = {
  interest: z.enum(interests, "required"),
  interestNote: z.string().trim().max(300).optional(),
};

/** "Other" says nothing by itself: it needs a note. */
export function interestIsTold(value: { interest: Interest; interestNote?: string | undefined }): boolean {
  return value.interest !== "other" || (value.interestNote ?? "").length > 0;
}

const address = z.string().trim().min(1).max(500);
const claim = z.object({ kind: z.enum(claimKinds), text: z.string().trim().min(1).max(2000) });
const claims = z
  .array(claim)
  .min(1)
  .max(claimKinds.length)
  .refine((list) => new Set(list.map((item) => item.kind)).size === list.length, "duplicate-kind");
const statement = z.string().trim().min(1).max(20_000);
const idempotencyKey = z.string().min(8).max(100).optional();

export const draftCaseInput = z
  .object({
    /** A repository address, or the id of a registered model (mdl_…). */
    original: address,
    suspect: address,
    ancestors: z.array(address).max(4).default([]),
    controls: z.array(address).max(4).default([]),
    claims,
    statement,
    ...interestFields,
    idempotencyKey,
  })
  .refine(interestIsTold, { path: ["interestNote"], message: "required" });

export const updateDraftInput = z
  .object({ caseId: z.string(), claims, statement, ...interestFields })
  .refine(interestIsTold, { path: ["interestNote"], message: "required" });

export const submitCaseInput = z.object({ caseId: z.string() });

export const findingReason = z.object({
  code: z.enum(findingReasonCodes),
  /** The run the reason rests on. */
  runId: z.string().optional(),
  /** The party's reply the reason rests on. */
  postId: z.string().optional(),
});
export type FindingReason = z.infer<typeof findingReason>;

/** Acts of moderators on the procedure, one closed union: what the moderation page offers. */
export const moderatorAct = z.discriminatedUnion("act", [
  z.object({ act: z.literal("refuse"), reason: z.enum(refusalReasons) }),
  z.object({ act: z.literal("notify") }),
  z.object({ act: z.literal("open") }),
  z.object({ act: z.literal("open-early"), reason: z.enum(openEarlyReasons) }),
  z.object({
    act: z.literal("propose-resolution"),
    finding: z.enum(findings).exclude(["not_examined"]),
    reasons: z.array(findingReason).min(1).max(8),
  }),
  z.object({ act: z.literal("propose-withdrawal"), reason: z.enum(withdrawReasons) }),
  z.object({ act: z.literal("confirm") }),
  z.object({ act: z.literal("discard-proposal") }),
  z.object({ act: z.literal("reopen"), reason: z.enum(reopenReasons), postId: z.string().optional() }),
  z.object({
    act: z.literal("dismiss-appeal"),
    /** The appeal's text. */
    postId: z.string().min(1).max(60),
    reason: z.enum(dismissalReasons),
  }),
]);
export type ModeratorAct = z.infer<typeof moderatorAct>;

export const moveCaseInput = z.object({
  caseId: z.string(),
  /** The version the moderator looked at: an act on a page that is out of date is refused. */
  version: z.number().int().optional(),
  act: moderatorAct,
});

export const acceptPartyInput = z
  .object({
    caseId: z.string(),
    partyId: z.string(),
    /** Address of the account that speaks for the namespace. */
    email: z.email().max(320).optional(),
    /** Or its id, for an account without an address. */
    userId: z.string().min(1).max(60).optional(),
    basis: z.enum(partyBases),
  })
  .refine(({ email, userId }) => (email === undefined) !== (userId === undefined), {
    path: ["email"],
    message: "required",
  });

export const withdrawCaseInput = z.object({ caseId: z.string(), reason: z.enum(withdrawReasons), ownKey });

const documentedRelease = z.object({
  source: z.enum(["hf", "github"]),
  /** "org/name", or the bare name where the namespace would name a person. */
  repository: z.string().regex(/^[\w.-]+(\/[\w.-]+)?$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Whoever published it, as the case names its party. */
  party: z.string().min(1).max(100),
});

export const documentCaseInput = z.object({
  original: documentedRelease,
  suspect: documentedRelease,
  finding: z.enum(findings).exclude(["not_examined"]),
  reasons: z.array(z.enum(findingReasonCodes)).min(1),
  record: z
    .array(
      z.object({
        date: z.string().min(4).max(80),
        textEn: z.string().min(1).max(2000),
        textZh: z.string().min(1).max(2000),
        sourceKind: z.enum(["file", "issue", "press"]),
        source: z.string().min(1).max(300),
        sourceUrl: z.url({ protocol: /^https$/ }).optional(),
      }),
    )
    .min(1)
    .max(100),
});

export const listCasesInput = z.object({
  q: z.string().trim().max(200).default("").catch(""),
  state: z.enum(caseStates).exclude(["draft", "notified"]).optional().catch(undefined),
  finding: z.enum(findings).optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).default(1).catch(1),
});

export type DraftCaseInput = z.input<typeof draftCaseInput>;
export type UpdateDraftInput = z.input<typeof updateDraftInput>;
export type SubmitCaseInput = z.input<typeof submitCaseInput>;
export type MoveCaseInput = z.input<typeof moveCaseInput>;
export type AcceptPartyInput = z.input<typeof acceptPartyInput>;
export type WithdrawCaseInput = z.input<typeof withdrawCaseInput>;
export type DocumentCaseInput = z.input<typeof documentCaseInput>;
export type ListCasesInput = z.input<typeof listCasesInput>;
