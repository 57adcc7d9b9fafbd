import { z } from "zod";
import type { Context } from "@/lib/platform/context";
import type { Prisma } from "@/lib/platform/database/generated/client";

const key = "examples";
const stored = z.object({ complete: z.boolean(), steps: z.record(z.string(), z.unknown()) });
export type Progress = z.infer<typeof stored>;

export async function readProgress(ctx: Context): Promise<Progress | null> {
  const row = await ctx.db.setting.findUnique({ where: { key } });
  return row ? stored.parse(row.value) : null;
}

export async function writeProgress(ctx: Context, progress: Progress): Promise<void> {
  const value = progress as Prisma.InputJsonObject;
  const updatedAt = ctx.clock.now();
  await ctx.db.setting.upsert({
    where: { key },
    create: { key, value, updatedAt },
    update: { value, updatedAt },
  });
}

/** Runs named steps once each, remembering their results: an interrupted loading goes on where it stopped. */
export function stepsOf(ctx: Context, progress: Progress) {
  return async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    if (name in progress.steps) return progress.steps[name] as Result;
    const result = await work();
    progress.steps[name] = result ?? null;
    await writeProgress(ctx, progress);
    return result;
  };
}

export type Step = ReturnType<typeof stepsOf>;
