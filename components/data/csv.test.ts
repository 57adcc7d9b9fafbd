import { expect, test } from "vitest";
import { toCsv } from "./csv";

test("quotes what needs it and disarms what a spreadsheet would run", () => {
  expect(
    toCsv([
      ["path", "size"],
      ['a,"b"\n', 12],
      ["=HYPERLINK(1)", null],
      ["-1", -1],
      ["竹简.json", 0],
    ]),
  ).toBe('path,size\r\n"a,""b""\n",12\r\n\'=HYPERLINK(1),\r\n\'-1,-1\r\n竹简.json,0\r\n');
});
