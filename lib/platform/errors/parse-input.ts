import type { z } from "zod";
import { AppError } from "./index";

/** Parses input from outside, or throws one "invalid-input" that names each field's first problem. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) {
    const name = issue.path.join(".") || "form";
    fields[name] ??= issue.message;
  }
  throw new AppError("invalid-input", { fields });
}
