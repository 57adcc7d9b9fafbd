import type { ClientBase, Pool } from "pg";
import { ForkDanger } from "./known-heads";

/** Row of `setting` in which the sequencer says that it does not sign, and why. */
export const logConditionKey = "log:condition";

export interface LogCondition {
  /** "fork-danger": read-only until recovered. "failing": tried again. */
  readonly state: "fork-danger" | "failing";
  readonly reason: string;
  readonly since: string;
}

/** Notes why the log stands still; null when it does not. Writes only what changed. */
export async function setLogCondition(client: ClientBase | Pool, problem: unknown): Promise<void> {
  if (problem === null) {
    await client.query("DELETE FROM setting WHERE key = $1", [logConditionKey]);
    return;
  }
  const state = problem instanceof ForkDanger ? "fork-danger" : "failing";
  const reason = problem instanceof Error ? problem.message : String(problem);
  const value = { state, reason, since: new Date().toISOString() } satisfies LogCondition;
  await client.query(
    `INSERT INTO setting (key, value) VALUES ($1, $2)
     ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = now()
     WHERE setting.value->>'reason' IS DISTINCT FROM EXCLUDED.value->>'reason'`,
    [logConditionKey, JSON.stringify(value)],
  );
}
