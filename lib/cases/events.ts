import { z } from "zod";
import { appealGrounds, claimKinds, findingReason, findings } from "./schema";

/**
 * Events of a case: versioned, parsed when read, never rewritten. A new shape gets a new version and an
 * upcast from the old one here; what is stored stays as it was written.
 */
const at = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), version: z.literal(1), data: z.object(shape) });

export const caseEvent = z.discriminatedUnion("type", [
  at("case-submitted", {
    publicId: z.string(),
    declared: z.boolean(),
    claims: z.array(z.object({ number: z.number(), kind: z.enum(claimKinds) })),
  }),
  at("case-retracted", {}),
  at("case-refused", { reason: z.string() }),
  at("case-notified", { replyDueAt: z.string(), notice: z.object({ en: z.string(), zh: z.string() }) }),
  at("case-opened", { reason: z.string() }),
  at("case-under-verification", {}),
  at("case-resolution-proposed", { finding: z.enum(findings), reasons: z.array(findingReason) }),
  at("case-withdrawal-proposed", { reason: z.string() }),
  at("case-proposal-discarded", {}),
  at("case-resolved", {
    finding: z.enum(findings),
    reasons: z.array(findingReason),
    people: z.number(),
    appealUntil: z.string(),
  }),
  at("case-reopened", { reason: z.string(), postId: z.string().optional() }),
  at("case-withdrawn", { reason: z.string(), by: z.enum(["reporter", "moderators"]), people: z.number() }),
  at("case-appealed", {
    postId: z.string(),
    against: z.enum(["resolved", "withdrawn"]),
    by: z.enum(["reporter", "party"]),
    side: z.enum(["original", "suspect"]).nullable(),
    grounds: z.enum(appealGrounds),
  }),
  at("case-appeal-dismissed", { postId: z.string(), reason: z.string() }),
  at("case-documented", { publicId: z.string(), statements: z.number() }),
  at("run-queued", { runId: z.string(), methods: z.array(z.string()) }),
  at("run-finished", { runId: z.string(), digest: z.string(), relation: z.string() }),
  at("run-failed", { runId: z.string(), code: z.string() }),
  at("run-cancelled", { runId: z.string() }),
  at("party-accepted", { partyId: z.string(), side: z.string(), name: z.string(), basis: z.string() }),
  at("post-added", {
    postId: z.string(),
    kind: z.string(),
    claimId: z.string().nullable(),
    side: z.string().nullable(),
  }),
  at("post-edited", { postId: z.string(), version: z.number() }),
  at("post-corrected", { postId: z.string(), version: z.number() }),
  at("post-withdrawn", { postId: z.string() }),
  /** An act of this case was redacted: which, by its kind and, once it has one, its number in the log. */
  at("entry-redacted", { kind: z.string(), reason: z.string(), index: z.number().nullable() }),
  at("finding-recalled", { finding: z.enum(findings), method: z.string(), version: z.string() }),
]);
export type CaseEvent = z.infer<typeof caseEvent>;
export type CaseEventType = CaseEvent["type"];
/** What a command writes: the current version is added by appendCaseEvent. */
export type NewCaseEvent = CaseEvent extends infer E
  ? E extends CaseEvent
    ? { readonly type: E["type"]; readonly data: E["data"] }
    : never
  : never;

/** Not part of the public timeline: what happened before anybody was told, and acts that wait for a second person. */
const internal: ReadonlySet<CaseEventType> = new Set([
  "case-retracted",
  "case-refused",
  "case-resolution-proposed",
  "case-withdrawal-proposed",
  "case-proposal-discarded",
]);
export const isInternal = (type: CaseEventType): boolean => internal.has(type);

/**
 * The events that everybody may read, of all events of a case in their order. A proposal becomes one of them when it is
 * confirmed: a two-person act shows both people.
 */
export function publicEvents<Event extends CaseEvent>(events: readonly Event[]): readonly Event[] {
  const confirmed = new Set<Event>();
  let proposal: Event | null = null;
  for (const event of events) {
    if (event.type === "case-resolution-proposed" || event.type === "case-withdrawal-proposed")
      proposal = event;
    const ends =
      event.type === "case-resolved" || (event.type === "case-withdrawn" && event.data.by === "moderators");
    if (ends && proposal) confirmed.add(proposal);
    // Whatever else changes the procedure drops what was proposed.
    if (ends || ["case-proposal-discarded", "case-reopened", "case-withdrawn"].includes(event.type))
      proposal = null;
  }
  return events.filter((event) => !isInternal(event.type) || confirmed.has(event));
}

/** A stored row as today's event. Throws on a row that no version of this code wrote. */
export function readCaseEvent(row: { type: string; version: number; data: unknown }): CaseEvent {
  return caseEvent.parse({ type: row.type, version: row.version, data: row.data });
}
