import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import {
  type Call,
  largestLine,
  lineOf,
  parseCallLine,
  parseHeaderLine,
  type TranscriptHeader,
} from "../../canary/transcript";
import { EngineError } from "../../errors";
import { canonicalJson } from "../../formats/canonical-json";

/** A transcript as it grows on disk: a line a call, on the disk before the next request is sent. */
export interface Journal {
  /** The one that was written when it began. */
  readonly header: TranscriptHeader;
  /** Calls of earlier runs; to be read to its end before the first append. */
  readonly done: AsyncIterable<Call>;
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the transcript at `path`. A new one begins with the header; one that is there goes on only with `resume`, and
 * only if it was begun with the same header but for its date. What a killed process left half written is cut off.
 * Throws EngineError "bad-input"; CanaryError for a line that was changed.
 */
export async function openJournal(path: string, header: TranscriptHeader, resume: boolean): Promise<Journal> {
  const unlock = await lock(path);
  let file: FileHandle | null = null;
  try {
    file = await open(path, resume ? "a+" : "ax+", 0o600);
    const first = resume ? await firstLine(file) : null;
    const begun = first === null ? header : parseHeaderLine(first);
    if (first === null) {
      await file.truncate(0);
      await file.appendFile(`${lineOf(header).text}\n`);
      await file.datasync();
    } else {
      requireSame(path, begun, header);
    }
    const opened = file;
    // One that holds no call yet is in nobody's way: a mistyped name can be set right and tried again.
    let empty = first === null;
    return {
      header: begun,
      done: doneCalls(opened, begun),
      async append(line) {
        empty = false;
        await opened.appendFile(`${line}\n`);
        await opened.datasync();
      },
      async close() {
        await opened.close();
        if (empty) await rm(path, { force: true });
        await unlock();
      },
    };
  } catch (error) {
    await file?.close();
    await unlock();
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new EngineError(
        "bad-input",
        `${path} is there already; --resume goes on with it, or name another file`,
      );
    }
    throw error;
  }
}

/**
 * The calls of a transcript that is to go on. The last ones, if they had no answer and the transcript is not complete,
 * are cut off with whatever is half written: they are asked again.
 */
async function* doneCalls(file: FileHandle, header: TranscriptHeader): AsyncGenerator<Call> {
  const total = header.items.count * header.repeats;
  let number = 0;
  let keepTo = 0;
  let waiting: Call[] = [];
  for await (const { bytes, end } of linesOf(file)) {
    number += 1;
    if (number === 1) {
      keepTo = end;
      continue;
    }
    const call = parseCallLine(bytes, number);
    waiting.push(call);
    if (call.problem !== null && number - 1 < total) continue;
    yield* waiting;
    waiting = [];
    keepTo = end;
  }
  await file.truncate(keepTo);
}

/** Complete lines from the beginning of the file, with the offset after each one's line feed. */
async function* linesOf(file: FileHandle): AsyncGenerator<{ bytes: Uint8Array; end: number }> {
  const chunk = Buffer.alloc(1024 * 1024);
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const data = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    const start = position - data.length;
    let from = 0;
    for (let at = data.indexOf(0x0a, rest.length); at >= 0; at = data.indexOf(0x0a, from)) {
      yield { bytes: data.subarray(from, at), end: start + at + 1 };
      from = at + 1;
    }
    rest = data.subarray(from);
    if (rest.length > largestLine)
      throw new EngineError("too-large", `A line of the transcript is longer than ${largestLine} bytes`);
  }
}

async function firstLine(file: FileHandle): Promise<Uint8Array | null> {
  for await (const { bytes } of linesOf(file)) return bytes;
  return null;
}

function requireSame(path: string, begun: TranscriptHeader, now: TranscriptHeader): void {
  const names = Object.keys(now) as (keyof TranscriptHeader)[];
  const other = names.find(
    (name) => name !== "startedAt" && canonicalJson(begun[name]) !== canonicalJson(now[name]),
  );
  if (other !== undefined)
    throw new EngineError(
      "bad-input",
      `${path} was begun with another ${other}; it cannot go on with this one`,
    );
}

/** One process a transcript. A lock of a process that is gone does not count. */
async function lock(path: string): Promise<() => Promise<void>> {
  const file = `${path}.lock`;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const made = await open(file, "wx", 0o600);
      await made.writeFile(`${process.pid}\n`);
      await made.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const pid = Number((await readFile(file, "utf8").catch(() => "")).trim());
      if (attempt > 0 || isRunning(pid)) {
        throw new EngineError("bad-input", `Another process is writing ${path}; if none is, remove ${file}`);
      }
      await rm(file, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
