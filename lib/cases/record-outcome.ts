import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import { recordCaseAct } from "./case-acts";
import type { CaseRow } from "./load-case";
import type { Finding } from "./schema";
import { appealMs } from "./state";

/** The log entry of a case that has just ended: how, by whose decision, and until when an appeal is taken. */
export async function recordOutcome(
  ctx: Context,
  tx: Transaction,
  row: CaseRow,
  end: {
    readonly state: "resolved" | "withdrawn";
    /** Left out: the finding that stood before. */
    readonly finding?: Finding;
    readonly by: "reporter" | "moderators";
    readonly people: number;
    /** Number of the event that ended it. */
    readonly sequence: number;
  },
): Promise<void> {
  await recordCaseAct(ctx, tx, row, {
    kind: "outcome",
    key: end.sequence,
    role: end.by === "reporter" ? "reporter" : "moderator",
    predicate: {
      case: row.publicId as string,
      state: end.state,
      finding: end.finding ?? row.finding,
      by: end.by,
      people: end.people,
      // Nothing was decided here about a documented case.
      appealUntil: row.documented ? null : new Date(ctx.clock.now().getTime() + appealMs).toISOString(),
    },
  });
}
