import { expect, test } from "vitest";
import { createProgress } from "./progress";

test("what a result names cannot steer the terminal or leave its line", () => {
  const written: string[] = [];
  const stream = { isTTY: true, write: (text: string) => written.push(text) > 0 };
  createProgress(stream as unknown as NodeJS.WriteStream).phase({
    phase: "reading \u001b]0;x\u0007\u001b[2Jevil\n\u202efile",
    done: 0,
    total: 1,
  });
  const shown = written.join("").replace("\r\u001b[K", "");
  expect(shown).toContain("evil");
  for (const bad of ["\u001b", "\u0007", "\n", "\u202e"]) expect(shown).not.toContain(bad);
});
