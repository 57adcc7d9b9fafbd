import { z } from "zod";
import type { Clock } from "@/lib/platform/clock";
import type { Database } from "@/lib/platform/database";
import { logConditionKey } from "../log/condition";
import { type OwnMonitor, ownMonitor } from "../monitor/state";
import { type TimestampState, timestampState } from "../timestamp/state";
import type { Witness } from "../witness/configured";
import { type WitnessState, witnessStates } from "../witness/state";
import { latestWitnesses } from "./log-summary";

/** After this long an entry should have been appended, and a checkpoint published. */
const patienceMs = 60_000;

/** What the sequencer notes while it stands still. Its reason is for operators. */
const conditionSchema = z.object({ state: z.enum(["fork-danger", "failing"]) });

export interface LogHealth {
  readonly state: "ok" | "behind" | "readOnly" | "empty";
  readonly asOf: string;
  /** Entries under the newest published checkpoint. */
  readonly size: number;
  readonly checkpointAt: string | null;
  /** Acts that wait to be appended. */
  readonly pending: number;
  /** Seconds that the oldest of them has waited; null when none waits. */
  readonly lagSeconds: number | null;
  /** Appended, but under no published checkpoint yet. */
  readonly unpublished: number;
  /** Configured witnesses, and others that signed lately. */
  readonly witnesses: readonly Pick<WitnessState, "name" | "last" | "trouble">[];
  readonly timestamps: TimestampState;
  /** The last run of our own monitor; null before the first. */
  readonly monitor: OwnMonitor | null;
}

export async function logHealth(
  ctx: { readonly db: Database; readonly clock: Clock },
  witnesses: readonly Witness[] = [],
): Promise<LogHealth> {
  const { db } = ctx;
  const now = ctx.clock.now();
  // What is held waits for somebody else than the log.
  const due = { OR: [{ heldUntil: null }, { heldUntil: { lte: now } }] };
  const [state, pending, oldest, configured, signed, timestamps, condition, monitor] = await Promise.all([
    db.logState.findUnique({ where: { id: 1 } }),
    db.logPending.count({ where: due }),
    db.logPending.findFirst({ where: due, orderBy: { id: "asc" }, select: { t: true } }),
    witnessStates(db, witnesses),
    latestWitnesses(db),
    timestampState(db),
    db.setting.findUnique({ where: { key: logConditionKey } }),
    ownMonitor(db),
  ]);
  const published = state?.publishedSize ?? 0n;
  const [checkpoint, waiting] = await Promise.all([
    db.logCheckpoint.findUnique({ where: { size: published } }),
    db.logCheckpoint.findFirst({ where: { size: { gt: published } }, orderBy: { size: "asc" } }),
  ]);
  const since = [oldest?.t, waiting?.createdAt].flatMap((date) =>
    date ? [now.getTime() - date.getTime()] : [],
  );
  const behind = condition !== null || since.some((ms) => ms > patienceMs);
  const readOnly = conditionSchema.safeParse(condition?.value).data?.state === "fork-danger";
  return {
    state: readOnly ? "readOnly" : behind ? "behind" : published === 0n ? "empty" : "ok",
    asOf: now.toISOString(),
    size: Number(published),
    checkpointAt: checkpoint?.createdAt.toISOString() ?? null,
    pending,
    lagSeconds: oldest === null ? null : Math.max(0, Math.round((now.getTime() - oldest.t.getTime()) / 1000)),
    unpublished: Number((state?.size ?? 0n) - published),
    witnesses: [
      ...configured,
      ...signed
        .filter((one) => !configured.some((other) => other.name === one.name))
        .map(({ name, size, time }) => ({ name, last: { size, time }, trouble: null })),
    ],
    timestamps,
    monitor,
  };
}
