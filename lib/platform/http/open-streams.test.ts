import { expect, test } from "vitest";
import { holdStream, mostStreams } from "./open-streams";

test("an address holds so many streams at once, and gets a place back once for each", () => {
  const held = Array.from({ length: mostStreams.address }, () => holdStream("192.0.2.1"));
  expect(() => holdStream("192.0.2.1")).toThrow(expect.objectContaining({ code: "too-many-requests" }));
  const other = holdStream("192.0.2.2");
  held[0]?.();
  held[0]?.();
  const again = holdStream("192.0.2.1");
  expect(() => holdStream("192.0.2.1")).toThrow();
  for (const release of [...held, other, again]) release();
  expect(() => holdStream("192.0.2.1")()).not.toThrow();
});
