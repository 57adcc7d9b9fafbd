import type { Context } from "@/lib/platform/context";
import type { Prisma } from "@/lib/platform/database/generated/client";
import { hasEnded } from "@/lib/platform/jobs/job-state";
import { jobFailureSchema } from "../job/failure";
import type { AskJobDto } from "./dto";
import { mayCancel } from "./policy";
import { askParametersSchema, askProgressSchema } from "./schema";

type QueryContext = Pick<Context, "db" | "viewer">;
const ofSet = { set: { select: { setId: true } } } satisfies Prisma.CanaryAskJobInclude;

/** A questioning; null when there is none. What is asked of whom is no secret: everybody may see it. */
export async function askJob(ctx: QueryContext, jobId: string): Promise<AskJobDto | null> {
  const row = await ctx.db.canaryAskJob.findUnique({ where: { id: jobId }, include: ofSet });
  return row === null ? null : dtoOf(ctx, row);
}

/** Questionings about a set, newest first. */
export async function askJobsOfSet(ctx: QueryContext, setId: string): Promise<AskJobDto[]> {
  const rows = await ctx.db.canaryAskJob.findMany({
    where: { set: { setId } },
    include: ofSet,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 200,
  });
  return rows.map((row) => dtoOf(ctx, row));
}

/** Names of the endpoints that the operator offers. */
export function askEndpointNames(ctx: Pick<Context, "settings">): string[] {
  return (ctx.settings.askEndpoints ?? []).map(({ name }) => name);
}

function dtoOf(
  { viewer }: QueryContext,
  row: Prisma.CanaryAskJobGetPayload<{ include: typeof ofSet }>,
): AskJobDto {
  const { operated, budget } = askParametersSchema.parse(row.parameters);
  return {
    id: row.id,
    setId: row.set.setId,
    role: row.role as AskJobDto["role"],
    name: row.name,
    // Where an endpoint inside the house lies is nobody's business.
    endpoint: operated ?? row.endpoint,
    operated,
    model: row.model,
    state: row.state,
    ended: hasEnded(row.state),
    progress: row.progress === null ? null : askProgressSchema.parse(row.progress),
    budget,
    attempts: row.attempt,
    cancelRequested: row.cancelRequestedAt !== null,
    failure: row.failure === null ? null : jobFailureSchema.parse(row.failure),
    answerSetId: row.answerSetId,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
    may: { cancel: row.cancelRequestedAt === null && mayCancel(viewer, row) },
  };
}
