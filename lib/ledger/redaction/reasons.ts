import { tombstoneScopes } from "@/lib/engine/log/tombstone";

/** Why the words of an entry may be taken away. Closed: the tombstone states one of these for ever. */
export const redactionReasons = [
  "court-order",
  "authority-order",
  "privacy",
  "unlawful-content",
  "secret-exposed",
  "safety",
] as const;
export type RedactionReason = (typeof redactionReasons)[number];

/**
 * Harm that grows by the hour: one moderator acts at once, and the tombstone says so in public. Everything else takes two
 * people, or one and 24 hours, as other serious acts do: what is erased cannot be brought back.
 */
const urgent: ReadonlySet<RedactionReason> = new Set(["secret-exposed", "safety", "unlawful-content"]);
export const isUrgent = (reason: RedactionReason): boolean => urgent.has(reason);

/** What stands where words stood: the same in both languages, and the only value the database's triggers let in. */
export const redactionMark = "[redacted · 遮蔽]";
/** The same for the document of a result. */
export const redactedDocument = '{"redacted":true}';

/**
 * What stands where the name of a repository stood: still of the form that statements and columns ask for, told apart by
 * the id of the release, and no name that any host gives out (none begins with a hyphen).
 */
export const redactedRepository = (releaseId: string): string => `-redacted-/${releaseId}`;
export const isRedactedRepository = (repository: string): boolean => repository.startsWith("-redacted-/");

/** What a redaction takes away is what its tombstone says. */
export const redactionScopes = tombstoneScopes;
export type RedactionScope = (typeof tombstoneScopes)[number];
