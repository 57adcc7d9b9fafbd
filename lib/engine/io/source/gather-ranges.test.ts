import fc from "fast-check";
import { expect, test } from "vitest";
import { gatherRanges } from "./gather-ranges";
import type { ListedFile } from "./release";

const file = (path: string): ListedFile => ({ path, size: 100_000, gitOid: null, lfsSha256: null });
const byteAt = (path: string, at: number) => (at * 31 + path.charCodeAt(0)) & 255;
const bytesOf = (path: string, start: number, end: number) =>
  Uint8Array.from({ length: end - start }, (_, k) => byteAt(path, start + k));

const limits = { maxGapBytes: 100, maxRequestBytes: 1000, maxWasteShare: 0.25, freeWasteBytes: 50 };

function gatherer(failAt?: (start: number) => "fail" | "gone" | undefined) {
  const sent: string[] = [];
  const kept: string[] = [];
  const stored = new Map<string, Uint8Array>();
  const gather = gatherRanges({
    limits,
    async fetchRange({ path }, { start, end }) {
      sent.push(`${path} ${start}-${end}`);
      await Promise.resolve();
      if (failAt?.(start) === "gone") return null;
      if (failAt?.(start) === "fail") throw new Error(`failed at ${start}`);
      return bytesOf(path, start, end);
    },
    known: async ({ path }, { start, end }) => stored.get(`${path} ${start}-${end}`) ?? null,
    async keep({ path }, { start, end }, bytes) {
      kept.push(`${path} ${start}-${end}`);
      stored.set(`${path} ${start}-${end}`, bytes);
    },
  });
  return { gather, sent, kept };
}

test("ranges asked for together go out together, per file, and are kept as they were asked for", async () => {
  const { gather, sent, kept } = gatherer();
  const asked = [
    ["b", 0, 10],
    ["a", 30, 60],
    ["a", 0, 20],
    ["a", 500, 510],
    ["a", 0, 20],
  ] as const;
  const read = () => Promise.all(asked.map(([path, start, end]) => gather(file(path), { start, end })));
  const answers = await read();
  expect(answers).toEqual(asked.map(([path, start, end]) => bytesOf(path, start, end)));
  expect(sent).toEqual(["a 0-60", "a 500-510", "b 0-10"]);
  expect([...new Set(kept)].sort()).toEqual(["a 0-20", "a 30-60", "a 500-510", "b 0-10"]);
  await read();
  expect(sent).toHaveLength(3);
});

test("a range longer than a request arrives whole", async () => {
  const { gather, sent } = gatherer();
  expect(await gather(file("a"), { start: 7, end: 3507 })).toEqual(bytesOf("a", 7, 3507));
  expect(sent).toHaveLength(4);
});

test("an answer does not keep the larger answer it was cut from", async () => {
  const { gather } = gatherer();
  const [one] = await Promise.all([
    gather(file("a"), { start: 0, end: 4 }),
    gather(file("a"), { start: 4, end: 900 }),
  ]);
  expect(one?.buffer.byteLength).toBe(4);
});

test("what cannot be had is null for those who asked for it; a failure is told to all who wait, nothing more is sent", async () => {
  const gone = gatherer((start) => (start === 0 ? "gone" : undefined));
  expect(
    await Promise.all([
      gone.gather(file("a"), { start: 0, end: 4 }),
      gone.gather(file("a"), { start: 900, end: 902 }),
    ]),
  ).toEqual([null, bytesOf("a", 900, 902)]);

  const failing = gatherer((start) => (start === 0 ? "fail" : undefined));
  const asks = Array.from({ length: 60 }, (_, k) =>
    failing.gather(file("a"), { start: k * 500, end: k * 500 + 1 }),
  );
  const ends = await Promise.allSettled(asks);
  expect(ends[0]).toMatchObject({ status: "rejected", reason: { message: "failed at 0" } });
  expect(failing.sent.length).toBeLessThan(20);
  expect(ends.at(-1)).toMatchObject({ status: "rejected", reason: { message: "failed at 0" } });
});

test("any set of ranges comes back exactly, and the waste stays below its bound over many turns", async () => {
  const range = fc.tuple(fc.constantFrom("a", "b"), fc.nat(5000), fc.integer({ min: 1, max: 1200 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(range, { minLength: 1, maxLength: 8 }), { maxLength: 3 }),
      async (turns) => {
        const { gather, sent, kept } = gatherer();
        for (const turn of turns) {
          const answers = await Promise.all(
            turn.map(([path, start, length]) => gather(file(path), { start, end: start + length })),
          );
          turn.forEach(([path, start, length], k) => {
            expect(answers[k]).toEqual(bytesOf(path, start, start + length));
          });
        }
        const length = (text: string) => {
          const [start, end] = (text.split(" ")[1] as string).split("-").map(Number) as [number, number];
          return end - start;
        };
        const fetched = sent.reduce((sum, one) => sum + length(one), 0);
        const asked = kept.reduce((sum, one) => sum + length(one), 0);
        expect(fetched).toBeLessThanOrEqual(asked * 1.25 + 50);
      },
    ),
    { numRuns: 40 },
  );
});
