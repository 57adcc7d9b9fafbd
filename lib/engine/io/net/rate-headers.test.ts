import { expect, test } from "vitest";
import { readRateFacts } from "./rate-headers";

const now = Date.parse("2026-01-01T00:00:00Z");

test("reads the present draft, the tightest policy first", () => {
  const headers = {
    ratelimit: '"resolvers";r=4999;t=60, "api";r=0;t=189',
    "ratelimit-policy": '"fixed window";"resolvers";q=5000;w=300, "fixed window";"api";q=500;w=300',
  };
  expect(readRateFacts(headers, now)).toEqual({ limit: 500, remaining: 0, reset: 189 });
});

test("reads the older spellings", () => {
  expect(
    readRateFacts({ "ratelimit-limit": "10", "ratelimit-remaining": "3", "ratelimit-reset": "7" }, now),
  ).toEqual({ limit: 10, remaining: 3, reset: 7 });
  const epoch = String(now / 1000 + 90);
  expect(
    readRateFacts(
      { "x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": epoch },
      now,
    ),
  ).toEqual({ limit: 60, remaining: 0, reset: 90 });
});

test("reads Retry-After as seconds or as a date", () => {
  expect(readRateFacts({ "retry-after": "12" }, now)).toEqual({ retryAfter: 12 });
  expect(readRateFacts({ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }, now)).toEqual({ retryAfter: 5 });
  expect(readRateFacts({ "retry-after": "Thu, 01 Jan 2015 00:00:05 GMT" }, now)).toEqual({ retryAfter: 0 });
});

test("ignores what it cannot read", () => {
  expect(readRateFacts({}, now)).toEqual({});
  expect(readRateFacts({ ratelimit: "soon", "retry-after": "-1x", "x-ratelimit-limit": "9e9" }, now)).toEqual(
    {},
  );
});
