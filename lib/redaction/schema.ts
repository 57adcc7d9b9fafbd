import { z } from "zod";
import { redactionReasons, redactionScopes } from "@/lib/ledger";

/** What a form may send: the entry by number, or by its key while it has none. */
const entry = {
  index: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  dedupKey: z
    .string()
    .regex(/^[a-z]+:[\w.:@/-]{1,200}$/, "unknown-entry")
    .optional(),
};
const oneOf = (value: { index?: number | undefined; dedupKey?: string | undefined }) =>
  (value.index === undefined) !== (value.dedupKey === undefined);

export const redactEntryInput = z
  .object({
    ...entry,
    reasonCode: z.enum(redactionReasons, "required"),
    /** File number of the court or authority, or of the request: its digest is public, the words are not. */
    authorityReference: z.string().trim().min(3, "required").max(300),
    /** Number or key once more: what is erased cannot be brought back. */
    confirm: z.string().trim(),
    /** "entry" with all versions of the same text, or this one only; "name": the public name of who acted, everywhere;
     * "repository": the name of a repository, everywhere: it may be a person's. */
    what: z.enum(["text", ...redactionScopes]).default("text"),
    /** With "repository": its name, "org/name", as the entry's statement has it. */
    repository: z.string().trim().max(201).optional(),
  })
  .refine(oneOf, { path: ["index"], message: "unknown-entry" })
  .refine(({ index, dedupKey, confirm }) => confirm === String(index ?? dedupKey), {
    path: ["confirm"],
    message: "confirm-entry",
  });
export type RedactEntryInput = z.input<typeof redactEntryInput>;

export const redactionIdSchema = z.string().regex(/^rdc_[0-9a-z]{20}$/);
