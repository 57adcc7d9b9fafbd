import { expect, test } from "vitest";
import { clientAddress } from "./client-address";

const from = (chain: string, trusted: string[] = []) =>
  clientAddress(new Headers({ "x-forwarded-for": chain }), trusted);

test.each([
  ["192.0.2.7", [], "192.0.2.7"],
  // What the caller wrote does not count: the peer does.
  ["10.9.9.9, 192.0.2.7", [], "192.0.2.7"],
  ["198.51.100.1, 10.0.0.5", ["10.0.0.0/8"], "198.51.100.1"],
  ["6.6.6.6, 198.51.100.1, 10.0.0.5, 127.0.0.1", ["10.0.0.0/8", "127.0.0.1"], "198.51.100.1"],
  ["::ffff:192.0.2.7", [], "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"],
  ["2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64"],
  ["198.51.100.1, ::1", ["::1"], "198.51.100.1"],
  // Everybody is a proxy of ours: the first one is as good as any.
  ["10.0.0.1, 10.0.0.2", ["10.0.0.0/8"], "10.0.0.1"],
  ["garbage, 192.0.2.7", [], "192.0.2.7"],
] as const)("%s behind %j is %s", (chain, trusted, expected) => {
  expect(from(chain, [...trusted])).toBe(expected);
});

test("without the header nobody is known", () => {
  expect(clientAddress(new Headers(), [])).toBeNull();
  expect(from("nonsense")).toBeNull();
});
