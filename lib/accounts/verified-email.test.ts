import { expect, test } from "vitest";
import { isVerified, verifiedEmail } from "./verified-email";

test("only an address that the provider verified is believed", () => {
  const one = { email: "victim@example.org", primary: true, verified: false, visibility: null };
  expect(verifiedEmail([one])).toBeNull();
  expect(
    verifiedEmail([one, { ...one, email: "own@example.org", primary: false, verified: true }]),
  ).toBeNull();
  expect(verifiedEmail([{ ...one, verified: true }])).toBe("victim@example.org");
  for (const odd of [null, {}, [], [{ email: "a@b.example" }]]) expect(verifiedEmail(odd)).toBeNull();
  expect([true, "true", false, "false", undefined, 1].map(isVerified)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
