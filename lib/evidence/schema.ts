import { z } from "zod";
import { appealGrounds, interestFields, interestIsTold } from "@/lib/cases";
import { ownKey } from "@/lib/ledger";

/** Inputs of the commands on the evidence thread. */

const body = z.string().trim().min(1).max(20_000);
const idempotencyKey = z.string().min(8).max(100).optional();

export const addPostInput = z
  .object({
    /** cse_… or the public id. */
    caseId: z.string().min(1).max(60),
    /** On one claim; without it on the case. */
    claimId: z.string().max(60).optional(),
    /** A reply to this post; without it the post is evidence. */
    parentId: z.string().max(60).optional(),
    body,
    ...interestFields,
    ownKey,
    idempotencyKey,
  })
  .refine(interestIsTold, { path: ["interestNote"], message: "required" });

/** A named party's reply needs no declared interest: the side it speaks for is its interest. */
export const replyAsPartyInput = z.object({
  caseId: z.string().min(1).max(60),
  partyId: z.string().min(1).max(60),
  claimId: z.string().max(60).optional(),
  body,
  ownKey,
  idempotencyKey,
});

/** Why the end of a case should be looked at again: a ground, and the reasons in words. */
export const appealCaseInput = z.object({
  caseId: z.string().min(1).max(60),
  grounds: z.enum(appealGrounds, "required"),
  body,
  ownKey,
  idempotencyKey,
});

export const editPostInput = z.object({
  postId: z.string().min(1).max(60),
  /** The version the author edited: a change in between is told, not overwritten. */
  baseVersion: z.coerce.number().int().min(1),
  body,
  ownKey,
});

export const withdrawPostInput = z.object({ postId: z.string().min(1).max(60), ownKey });

export type AddPostInput = z.input<typeof addPostInput>;
export type ReplyAsPartyInput = z.input<typeof replyAsPartyInput>;
export type AppealCaseInput = z.input<typeof appealCaseInput>;
export type EditPostInput = z.input<typeof editPostInput>;
export type WithdrawPostInput = z.input<typeof withdrawPostInput>;
