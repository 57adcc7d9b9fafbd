import fc from "fast-check";
import { expect, test } from "vitest";
import { planRequests } from "./plan-requests";

const limits = { maxGapBytes: 10, maxRequestBytes: 100, maxWasteBytes: 25 };
const ranges = (...pairs: [number, number][]) => pairs.map(([start, end]) => ({ start, end }));

test("touching, overlapping and repeated ranges become one, at no waste", () => {
  const plan = planRequests(ranges([20, 30], [0, 10], [10, 20], [5, 12], [0, 10]), limits);
  expect(plan).toEqual({ requests: ranges([0, 30]), wastedBytes: 0 });
});

test("small gaps are bridged, the smallest first, until the waste is used up", () => {
  expect(planRequests(ranges([0, 5], [14, 20], [31, 40]), limits)).toEqual({
    requests: ranges([0, 20], [31, 40]),
    wastedBytes: 9,
  });
  const tight = { ...limits, maxWasteBytes: 8 };
  expect(planRequests(ranges([0, 5], [12, 20], [23, 40]), tight)).toEqual({
    requests: ranges([0, 5], [12, 40]),
    wastedBytes: 3,
  });
});

test("a long range is cut into equal parts; gaps are not bridged beyond one request", () => {
  expect(planRequests(ranges([1, 251]), limits).requests).toEqual(ranges([1, 85], [85, 169], [169, 251]));
  expect(planRequests(ranges([0, 95], [98, 120]), limits).requests).toEqual(ranges([0, 95], [98, 120]));
});

test("whatever is asked for is covered, in order, without overlap, within the bounds", () => {
  const range = fc.tuple(fc.nat(200), fc.nat(90)).map(([start, length]) => ({ start, end: start + length }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), fc.nat(40), fc.nat(40), (asked, gap, waste) => {
      const bounds = { maxGapBytes: gap, maxRequestBytes: 64, maxWasteBytes: waste };
      const { requests, wastedBytes } = planRequests(asked, bounds);
      const bounded = requests.every(({ start, end }, k) => {
        return end > start && end - start <= 64 && start >= (requests[k - 1]?.end ?? 0);
      });
      const covered = (list: typeof asked) =>
        Array.from({ length: 300 }, (_, at) => list.some(({ start, end }) => at >= start && at < end));
      const [wanted, read] = [covered(asked), covered([...requests])];
      expect(bounded).toBe(true);
      expect(wanted.every((is, at) => !is || read[at])).toBe(true);
      expect(read.filter((is, at) => is && !wanted[at]).length).toBe(wastedBytes);
      expect(wastedBytes).toBeLessThanOrEqual(waste);
    }),
  );
});
