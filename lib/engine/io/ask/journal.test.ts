import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AskedItem,
  type Call,
  lineOf,
  readTranscript,
  type TranscriptHeader,
} from "../../canary/transcript";
import { sha256Hex } from "../../formats/canonical-json";
import type { AskAdapter } from "./adapter";
import { ask } from "./ask";
import { transcriptHeader } from "./header";
import { openJournal } from "./journal";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-journal-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const items: AskedItem[] = Array.from({ length: 4 }, (_, k) => ({ id: `i${k}`, prompt: `${k}?` }));

/** A far side in this process: counts what it is asked and answers by a function. */
function adapter(answer: (count: number) => string | null, asked: string[] = []): AskAdapter {
  return {
    adapter: "command",
    endpoint: "prog",
    model: "m",
    parameters: { arguments: [] },
    patience: { maxRetries: 0, retryBaseMs: 0, maxWaitMs: 0 },
    async send(_, item) {
      asked.push(item.id);
      const text = answer(asked.length);
      const { requestText } = await import("../../canary/transcript");
      return {
        outcome: {
          requestSha256: sha256Hex(
            requestText({ ...terms, prompt: "{prompt}", extractor: { kind: "whole" } }, item),
          ),
          status: 0,
          date: null,
          response: text === null ? null : Buffer.from(text),
          problem: text === null ? "timeout" : null,
          message: null,
        },
      };
    },
  };
}
const terms = { adapter: "command" as const, model: "m", parameters: { arguments: [] } };

const headerOf = (startedAt = new Date(0)): TranscriptHeader =>
  transcriptHeader(
    adapter(() => ""),
    items,
    { repeats: 3, startedAt },
  );

async function run(path: string, far: AskAdapter, resume: boolean, stopAfter = Number.POSITIVE_INFINITY) {
  const journal = await openJournal(path, headerOf(new Date()), resume);
  const stop = new AbortController();
  let n = 0;
  try {
    return await ask({
      header: journal.header,
      items,
      adapter: far,
      done: journal.done,
      signal: stop.signal,
      onCall: async (_: Call, line) => {
        await journal.append(line);
        n += 1;
        if (n >= stopAfter) throw new Error("killed");
      },
    });
  } finally {
    await journal.close();
  }
}

describe("the transcript on disk", () => {
  test("goes on after an interruption at every byte of its last lines: nothing answered is asked again", async () => {
    const path = join(folder, "bytes.jsonl");
    const first: string[] = [];
    await expect(
      run(
        path,
        adapter((n) => `a${n}`, first),
        false,
        5,
      ),
    ).rejects.toThrow("killed");
    const bytes = await readFile(path);
    const lines = bytes.toString("utf8").split("\n");
    const lastLine = bytes.length - Buffer.byteLength(lines[5] ?? "") - 1;
    for (let length = lastLine; length <= bytes.length; length += 37) {
      const cut = join(folder, `cut-${length}.jsonl`);
      await writeFile(cut, bytes.subarray(0, length));
      const asked: string[] = [];
      const summary = await run(
        cut,
        adapter((n) => `b${n}`, asked),
        true,
      );
      expect(asked).toHaveLength(length === bytes.length ? 7 : 8);
      const text = await readFile(cut);
      expect(readTranscript(text, { items, root: summary.root }).calls).toBe(12);
      expect(text.subarray(0, lastLine)).toEqual(bytes.subarray(0, lastLine));
    }
  });

  test("begins afresh when not even the header was written", async () => {
    const path = join(folder, "header.jsonl");
    await writeFile(path, lineOf(headerOf()).text.slice(0, 100));
    const summary = await run(
      path,
      adapter(() => "a"),
      true,
    );
    expect(readTranscript(await readFile(path), { items, root: summary.root }).calls).toBe(12);
  });

  test("is never overwritten, and goes on only with what it was begun with", async () => {
    const path = join(folder, "kept.jsonl");
    await expect(
      run(
        path,
        adapter(() => "a"),
        false,
        2,
      ),
    ).rejects.toThrow("killed");
    const before = await readFile(path);
    await expect(
      run(
        path,
        adapter(() => "a"),
        false,
      ),
    ).rejects.toThrow("--resume goes on with it");
    for (const changes of [
      { model: "n" },
      { repeats: 4 },
      { prompt: "x{prompt}" },
      { weights: "ab".repeat(32) },
    ]) {
      const other = { ...headerOf(), ...changes } as TranscriptHeader;
      await expect(openJournal(path, other, true)).rejects.toThrow(
        `begun with another ${Object.keys(changes)[0]}`,
      );
    }
    expect(await readFile(path)).toEqual(before);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("a changed line is named, and nothing is written", async () => {
    const path = join(folder, "changed.jsonl");
    await expect(
      run(
        path,
        adapter(() => "answer"),
        false,
        6,
      ),
    ).rejects.toThrow("killed");
    const text = await readFile(path, "utf8");
    const lines = text.split("\n");
    lines[3] = (lines[3] ?? "").replace('"answer":"answer"', '"answer":"Answer"');
    await writeFile(path, lines.join("\n"));
    await expect(
      run(
        path,
        adapter(() => "a"),
        true,
      ),
    ).rejects.toThrow("line 4 of the transcript was changed");
    expect(await readFile(path, "utf8")).toBe(lines.join("\n"));
  });

  test("last calls without an answer are asked again, earlier ones are not; a complete one is left as it is", async () => {
    const path = join(folder, "problems.jsonl");
    const answers = [null, "a", null, null];
    await expect(
      run(
        path,
        adapter((n) => answers[n - 1] ?? null),
        false,
        4,
      ),
    ).rejects.toThrow("killed");
    const asked: string[] = [];
    const summary = await run(
      path,
      adapter((n) => (n < 10 ? "b" : null), asked),
      true,
    );
    expect(asked).toHaveLength(10);
    expect(summary.problems).toEqual({ timeout: 2 });
    const complete = await readFile(path);
    await run(
      path,
      adapter(() => "never", asked),
      true,
    );
    expect(asked).toHaveLength(10);
    expect(await readFile(path)).toEqual(complete);
  });

  test("two processes do not write it at once; a lock of a dead one does not hold", async () => {
    const path = join(folder, "lock.jsonl");
    const journal = await openJournal(path, headerOf(), false);
    await expect(openJournal(path, headerOf(), true)).rejects.toThrow("Another process is writing");
    await journal.close();
    // Nothing was asked: nothing is left of it.
    await expect(stat(path)).rejects.toThrow("ENOENT");
    await writeFile(`${path}.lock`, "999999999\n");
    const again = await openJournal(path, headerOf(), true);
    await again.close();
    await expect(stat(`${path}.lock`)).rejects.toThrow("ENOENT");
  });

  test("a line without an end is not read into memory for ever", async () => {
    const path = join(folder, "long.jsonl");
    await writeFile(path, `${lineOf(headerOf()).text}\n`);
    await truncate(path, 64 * 1024 * 1024);
    await appendFile(path, "x");
    await expect(
      run(
        path,
        adapter(() => "a"),
        true,
      ),
    ).rejects.toThrow("longer than");
  });
});
