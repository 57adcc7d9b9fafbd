import { type CaseEvent, readCaseEvent } from "./events";
import type { AppealGround } from "./schema";

/** An appeal that waits for an answer. Its reasons are the post. */
interface StandingAppeal {
  readonly postId: string;
  readonly by: "reporter" | "party";
  readonly side: "original" | "suspect" | null;
  readonly grounds: AppealGround;
  readonly userId: string;
  readonly at: Date;
}

/** How the case ended last, and who asked for another look at that since. */
export interface Ending {
  /** Accounts that decided it: who proposed it and who confirmed it, or the reporter who withdrew. */
  readonly decidedBy: readonly string[];
  readonly byReporter: boolean;
  /** Accounts that have appealed against this very end: each may once. */
  readonly appellants: readonly string[];
  /** Oldest first. */
  readonly standing: readonly StandingAppeal[];
}

const none: Ending = { decidedBy: [], byReporter: false, appellants: [], standing: [] };

type Told = { readonly event: CaseEvent; readonly actorId: string | null; readonly at: Date };

/** The same from the rows of its events, in their order. */
export const endingOfRows = (
  rows: readonly (Parameters<typeof readCaseEvent>[0] & {
    readonly actorId: string | null;
    readonly createdAt: Date;
  })[],
): Ending =>
  endingOf(rows.map((row) => ({ event: readCaseEvent(row), actorId: row.actorId, at: row.createdAt })));

/** From all events of a case, in their order. */
export function endingOf(history: readonly Told[]): Ending {
  let ending = none;
  let proposedBy: readonly string[] = [];
  for (const { event, actorId, at } of history) {
    const actor = actorId === null ? [] : [actorId];
    switch (event.type) {
      case "case-resolution-proposed":
      case "case-withdrawal-proposed":
        proposedBy = actor;
        break;
      case "case-resolved":
        ending = { ...none, decidedBy: [...new Set([...proposedBy, ...actor])] };
        break;
      case "case-withdrawn": {
        const byReporter = event.data.by === "reporter";
        ending = {
          ...none,
          byReporter,
          decidedBy: byReporter ? actor : [...new Set([...proposedBy, ...actor])],
        };
        break;
      }
      case "case-reopened":
        ending = none;
        break;
      case "case-appealed":
        ending = {
          ...ending,
          appellants: [...ending.appellants, ...actor],
          standing: [...ending.standing, { ...event.data, userId: actorId ?? "", at }],
        };
        break;
      case "case-appeal-dismissed": {
        const { postId } = event.data;
        ending = { ...ending, standing: ending.standing.filter((one) => one.postId !== postId) };
        break;
      }
    }
  }
  return ending;
}
