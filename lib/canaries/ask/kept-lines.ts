import {
  type Call,
  lineOf,
  parseCallLine,
  parseHeaderLine,
  type TranscriptHeader,
} from "@/lib/engine/canary/transcript";
import { resumable } from "@/lib/engine/io/ask/ask";
import type { Database } from "@/lib/platform/database";
import type { ClaimedJob } from "../job/claimed-job";
import { LostJob } from "../job/run-claimed";

/** What earlier attempts of a questioning have asked. */
export interface KeptCalls {
  readonly header: TranscriptHeader;
  readonly calls: readonly Call[];
  readonly bytes: number;
}

/** The lines that an earlier attempt left, without last calls that had no answer. Null before the first one. */
export async function readLines(db: Database, jobId: string): Promise<KeptCalls | null> {
  const rows = await db.canaryAskLine.findMany({ where: { jobId }, orderBy: { n: "asc" } });
  const [first, ...rest] = rows;
  if (first === undefined) return null;
  const header = parseHeaderLine(Buffer.from(first.line, "utf8"));
  const all = rest.map(({ line }, at) => parseCallLine(Buffer.from(line, "utf8"), at + 2));
  const calls = resumable(header, all);
  await db.canaryAskLine.deleteMany({ where: { jobId, n: { gt: calls.length } } });
  const bytes = rows
    .slice(0, calls.length + 1)
    .reduce((sum, { line }) => sum + Buffer.byteLength(line) + 1, 0);
  return { header, calls, bytes };
}

/** Keeps a line while the job is this attempt's. Throws LostJob when it is not. */
export async function keepLine(db: Database, job: ClaimedJob, n: number, line: string): Promise<void> {
  const kept = await db.$executeRaw`
    INSERT INTO canary_ask_line (job_id, n, line)
    SELECT id, ${n}::int, ${line} FROM canary_ask_job
    WHERE id = ${job.id} AND attempt = ${job.attempt} AND state = 'running'`;
  if (kept !== 1) throw new LostJob(`${job.id} is not this worker's any more`);
}

/** Keeps the header, which nothing may change afterwards. */
export function keepHeader(db: Database, job: ClaimedJob, header: TranscriptHeader): Promise<void> {
  return keepLine(db, job, 0, lineOf(header).text);
}

/** The transcript as a file: a line of canonical JSON each. */
export async function transcriptOf(db: Database, jobId: string): Promise<Buffer> {
  const rows = await db.canaryAskLine.findMany({ where: { jobId }, orderBy: { n: "asc" } });
  return Buffer.from(rows.map(({ line }) => `${line}\n`).join(""), "utf8");
}

/** What was asked goes with a job that has ended. */
export async function forgetLines(db: Pick<Database, "canaryAskLine">, jobId: string): Promise<void> {
  await db.canaryAskLine.deleteMany({ where: { jobId } });
}
