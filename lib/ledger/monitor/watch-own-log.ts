import { setTimeout as wait } from "node:timers/promises";
import { EngineError } from "@/lib/engine/errors";
import { publicLog } from "@/lib/engine/io/public-log";
import type { SourceIo } from "@/lib/engine/io/source/source-io";
import { LogError } from "@/lib/engine/log";
import {
  type FetchPublic,
  followLog,
  formatMonitorState,
  MonitorProblem,
  parseMonitorState,
} from "@/lib/engine/log/monitor";
import type { Context } from "@/lib/platform/context";
import type { Mail } from "@/lib/platform/mail";
import { log } from "@/lib/platform/telemetry";
import { type MonitorTrouble, type OwnMonitorCode, readMonitorRow, writeMonitorRow } from "./state";
import { whoIsTold } from "./who-is-told";

export interface WatchOptions {
  /** Where strangers read this site. */
  readonly site: string;
  readonly io: SourceIo;
  /** Who is told beside the moderators; null for nobody else. */
  readonly contact: string | null;
  readonly send: (mail: Mail) => Promise<void>;
  /** Verifier keys of the configured witnesses: their lines under our checkpoint have to verify. */
  readonly witnesses: readonly string[];
  readonly signal: AbortSignal;
  /** In place of the network, in tests. */
  readonly fetch?: FetchPublic;
  readonly pauseMs?: number;
}

/** A site that does not answer once may be starting again. */
const silentRuns = 2;
const tombstoneMs = 5_000;

/**
 * Follows our own log from outside, from where the last run ended. Whatever is off is written to the log of the process
 * and to the database, and mailed once for each kind of trouble in a row. Never throws for what it finds.
 */
export async function watchOwnLog(
  ctx: Pick<Context, "db" | "clock">,
  options: WatchOptions,
): Promise<"done" | "trouble" | "nothing" | "stopped"> {
  let row = await readMonitorRow(ctx.db);
  const { signal, pauseMs = tombstoneMs } = options;
  try {
    const report = await followLog({
      fetch: options.fetch ?? publicLog(options.site, options.io),
      state: row.state === null ? null : parseMonitorState(row.state),
      save: async (state) => {
        row = { ...row, state: formatMonitorState(state) };
        await writeMonitorRow(ctx.db, row);
      },
      witnesses: options.witnesses,
      pause: () => wait(pauseMs, undefined, { signal }),
      signal,
    });
    if (row.trouble !== null)
      log.info(
        { trouble: row.trouble.code, size: report.size },
        "the monitor of the log finds nothing off any more",
      );
    await writeMonitorRow(ctx.db, {
      ...row,
      at: ctx.clock.now().toISOString(),
      size: report.blobsTo,
      trouble: null,
    });
    return "done";
  } catch (error) {
    // What was proved is kept; the next run goes on from there.
    if (signal.aborted) return "stopped";
    // Before its first entry a log shows nothing.
    if (error instanceof LogError && row.state === null) return "nothing";
    const code = codeOf(error);
    if (code === null) throw error;
    const message = (error as Error).message;
    log.error({ code, site: options.site, size: row.size }, `the monitor of the log: ${message}`);
    const before = row.trouble?.code === code ? row.trouble : null;
    const at = ctx.clock.now().toISOString();
    const trouble: MonitorTrouble = {
      code,
      message,
      since: before?.since ?? at,
      runs: (before?.runs ?? 0) + 1,
      told: before?.told ?? false,
    };
    // Kept before it is mailed: a mail server that is away must not hide it.
    await writeMonitorRow(ctx.db, { ...row, at, trouble });
    if (!trouble.told && (await tell(ctx, trouble, options)))
      await writeMonitorRow(ctx.db, { ...row, at, trouble: { ...trouble, told: true } });
    return "trouble";
  }
}

function codeOf(error: unknown): OwnMonitorCode | null {
  if (error instanceof MonitorProblem) return error.code;
  if (error instanceof EngineError) return "unreachable";
  // Keys that cannot be read, or a remembered state that its own keys did not sign.
  if (error instanceof LogError) return "bad-checkpoint";
  return null;
}

/** True once somebody has been told: one address that is refused keeps nothing from the others. */
async function tell(
  ctx: Pick<Context, "db">,
  trouble: MonitorTrouble,
  { contact, send, site }: WatchOptions,
): Promise<boolean> {
  if (trouble.code === "unreachable" && trouble.runs < silentRuns) return false;
  const addresses = await whoIsTold(ctx.db, contact);
  if (addresses.length === 0)
    log.error("the monitor of the log has nobody to tell: no moderator has a proved address");
  let told = false;
  for (const to of addresses)
    try {
      await send({ to, ...mailAbout(trouble, site) });
      told = true;
    } catch (error) {
      log.warn({ err: error }, "the monitor of the log could not send its mail");
    }
  return told;
}

function mailAbout({ code, message, since }: MonitorTrouble, site: string): Pick<Mail, "subject" | "text"> {
  const page = `${site}/status`;
  return {
    subject: `The log of ${new URL(site).host}: ${code} · 日志自查发现异常`,
    text: [
      `The monitor of ${site} read the log from outside and refused it.`,
      `本站自查从公开接口读取日志时发现异常。`,
      "",
      `${code}: ${message}`,
      `since · 起始时间: ${since}`,
      page,
      "",
      "Nothing was changed by the monitor. docs/LOG.md says what each code means and what to do first.",
      "自查不改动任何内容。各代码的含义与处置步骤见 docs/LOG.md。",
      "",
    ].join("\n"),
  };
}
