import { z } from "zod";

/** OpenID Connect: a boolean; some issuers send it as text. "false" is not true. */
export function isVerified(claim: unknown): boolean {
  return claim === true || claim === "true";
}

const addresses = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/**
 * The primary address of GitHub's /user/emails if GitHub verified it, or null. A primary address may be unverified:
 * believed, it would let anyone hold an account under somebody else's address, and be accepted as a party by it.
 */
export function verifiedEmail(answer: unknown): string | null {
  const parsed = addresses.safeParse(answer);
  return parsed.success ? (parsed.data.find((one) => one.primary && one.verified)?.email ?? null) : null;
}
