import { expect, test } from "vitest";
import { isServedHereOnly } from "./index";
import { exampleReleases } from "./releases/catalogue";

test("no example release has a page elsewhere", () => {
  for (const name of Object.values(exampleReleases)) expect(isServedHereOnly(name)).toBe(true);
  expect(isServedHereOnly("local--folder/original-0a1b2c")).toBe(true);
  expect(isServedHereOnly("openbmb/MiniCPM-Llama3-V-2_5")).toBe(false);
});
