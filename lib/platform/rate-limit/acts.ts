import type { Context } from "@/lib/platform/context";
import { consume } from ".";

/**
 * What one account may do in an hour. Far above what a person does; a draft reads up to ten releases, a text has up to
 * twenty links fetched, a run occupies a worker. A named party's reply is not among them: it is always possible.
 */
export const actsPerHour = { draft: 40, text: 60, run: 60, registration: 60 } as const;

/** Takes one act of the viewer's hour; "too-many-requests" when none is left. Without an account nothing is counted. */
export async function consumeAct(
  ctx: Pick<Context, "db" | "viewer">,
  act: keyof typeof actsPerHour,
): Promise<void> {
  if (ctx.viewer.userId === null) return;
  await consume(ctx.db, {
    name: `act:${act}`,
    key: ctx.viewer.userId,
    points: actsPerHour[act],
    seconds: 3600,
  });
}
