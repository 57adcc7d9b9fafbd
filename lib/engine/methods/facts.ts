import type { z } from "zod";
import type { Json, Reason } from "./method";

export function reason(code: string, facts: Readonly<Record<string, Json>> = {}): Reason {
  return { code, facts };
}

/** Statistics as plain JSON; a schema that does not describe them is a bug and ends in an exception. */
export function statisticsOf<T>(schema: z.ZodType<T>, value: T): Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify(schema.parse(value))) as Record<string, Json>;
}
