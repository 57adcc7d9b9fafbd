import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address";

describe("clientAddress", () => {
  it.each([
    ["203.0.113.9", [], "203.0.113.9"],
    ["::ffff:127.0.0.1", [], "127.0.0.1"],
    // What a client wrote itself stands before what our proxy appended.
    ["1.2.3.4, 203.0.113.9, 10.0.0.2", ["10.0.0.0/8"], "203.0.113.9"],
    ["2001:db8::1, ::1", ["::1"], "2001:db8::1"],
    ["10.0.0.2", ["10.0.0.0/8"], "10.0.0.2"],
    ["not an address", [], null],
    ["", [], null],
  ])("%j behind %j is %j", (header, trusted, address) => {
    expect(clientAddress(new Headers({ "x-forwarded-for": header }), trusted)).toBe(address);
  });
});
