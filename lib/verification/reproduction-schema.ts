import { z } from "zod";
import { interests } from "@/lib/cases";
import { ownKey } from "@/lib/ledger";
import { runIdSchema } from "./schema";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const build = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable();

/** slipmark.reproduction/v1, as the command line prints it with --json. */
export const reproductionDocumentSchema = z.object({
  schema: z.literal("slipmark.reproduction/v1"),
  /** The document that was reproduced has the digest that it says it has. */
  intact: z.boolean(),
  from: z.enum(["repositories", "capsule"]),
  recorded: z.object({ digest }),
  computed: z.object({ digest, build }),
});
export type ReproductionDocument = z.infer<typeof reproductionDocumentSchema>;

export const fileReproductionSchema = z.object({
  runId: runIdSchema,
  document: z.string().trim().min(1, "not-a-reproduction").max(4000, "not-a-reproduction"),
  interest: z.enum(interests, "required"),
  ownKey,
});
export type FileReproductionInput = z.input<typeof fileReproductionSchema>;
