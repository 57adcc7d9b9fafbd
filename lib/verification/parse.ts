import { AppError } from "@/lib/platform/errors";
import type { z } from "zod";

/** Input of a command; per-field problems on refusal, so that a form can show them where they belong. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) fields[issue.path.join(".") || "input"] ??= issue.message;
  throw new AppError("invalid-input", { fields });
}
