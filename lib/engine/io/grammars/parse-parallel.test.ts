import { afterEach, describe, expect, it, vi } from "vitest";
import { parseSources } from "../../methods/code/parse-sources";
import type { Source } from "../../methods/code/read-sources";
import { ParseThreads } from "./parse-parallel";
import { ParsingJob, type Take } from "./parsing-job";

const statement = (name: string, at: number) =>
  `${name}_${at} = compute(${name}_${at - 1}, ${at}) + offset\n`;
/** Files of 12 kB, enough of them to be worth threads. */
const release = (name: string): Source[] =>
  Array.from({ length: 90 }, (_, file) => ({
    path: `${name}${file}.py`,
    grammar: "python",
    text: Array.from({ length: 300 }, (_, at) => statement(`${name}_${file}`, at)).join(""),
  }));
const tokensOf: Take = (_, { file }) => (typeof file === "string" ? 0 : file.run.symbols.length);

describe("threads that parse", { timeout: 60_000 }, () => {
  const threads = new ParseThreads();
  afterEach(() => threads.close());

  it("give each release its files in order, two at a time, as the calling thread would", async () => {
    const releases = [release("one"), release("two")];
    const seen = await Promise.all(
      releases.map(async (sources) => {
        const parsed: [string, unknown][] = [];
        await threads.parse(sources, (source, { file }) => parsed.push([source.path, file]));
        return parsed;
      }),
    );
    for (const [at, sources] of releases.entries()) {
      const here = await parseSources(sources);
      expect(seen[at]).toEqual(sources.map(({ path }, file) => [path, here[file]?.file]));
    }
  });

  it("stop for the release that is given up, and go on with the other", async () => {
    const stop = new AbortController();
    const taken = vi.fn(tokensOf);
    const givenUp = threads.parse(
      release("one"),
      () => stop.abort(new Error("enough")),
      undefined,
      stop.signal,
    );
    const other = threads.parse(release("two"), taken);
    await expect(givenUp).rejects.toThrow("enough");
    await other;
    expect(taken).toHaveBeenCalledTimes(90);
  });

  it("leave to the calling thread what they do not deliver", async () => {
    const taken: string[] = [];
    let ended = false;
    await threads.parse(release("one"), ({ path }) => {
      taken.push(path);
      if (!ended) void threads.close();
      ended = true;
    });
    expect(taken).toEqual(release("one").map(({ path }) => path));
  });
});

describe("a release on its way through threads", () => {
  const sources = release("one");

  it("is taken in order, whatever comes back first, and once", async () => {
    const parsed = await parseSources(sources.slice(0, 32));
    const taken = vi.fn(tokensOf);
    const job = new ParsingJob(sources.slice(0, 32), taken);
    expect([job.next().from, job.next().from, job.hasMore]).toEqual([0, 16, false]);
    job.answer(16, parsed.slice(16));
    expect(taken).not.toHaveBeenCalled();
    expect(job.missing?.at).toBe(0);
    job.answer(0, parsed.slice(0, 16));
    await job.done;
    expect(taken.mock.calls.map(([{ path }]) => path)).toEqual(sources.slice(0, 32).map(({ path }) => path));
    expect(job.missing).toBeNull();
  });

  it("ends with the error of who takes it, and nothing is taken afterwards", async () => {
    const parsed = await parseSources(sources.slice(0, 32));
    const taken = vi.fn(() => {
      throw new Error("no more");
    });
    const job = new ParsingJob(sources.slice(0, 32), taken);
    job.next();
    job.next();
    job.answer(0, parsed.slice(0, 16));
    job.answer(16, parsed.slice(16));
    await expect(job.done).rejects.toThrow("no more");
    expect(taken).toHaveBeenCalledTimes(1);
  });
});
