import { z } from "zod";

/** Public names: 2–40 characters, letters and figures of any script, inner spaces and . _ - allowed. */
export const publicName = z
  .string()
  .trim()
  .normalize("NFC")
  .min(2, "name-length")
  .max(40, "name-length")
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._-]*[\p{L}\p{M}\p{N}])?$/u, "name-characters");

export const emailAddress = z.string().trim().toLowerCase().max(254, "email").pipe(z.email("email"));

export const renameAccountInput = z.object({ name: publicName });
export const endSessionInput = z.object({ sessionId: z.string().startsWith("ses_") });
export const unlinkIdentityInput = z.object({ accountId: z.string().startsWith("acc_") });
export const deleteAccountInput = z.object({ confirm: z.literal("delete", "confirm") });
export const setupInput = z.object({ name: publicName, email: emailAddress });
