import { describe, expect, it } from "vitest";
import { citeBibtex, citeGbt7714, permalink } from "./citation";

const facts = {
  publicId: "SLP-2026-0001",
  original: "openbmb/MiniCPM-Llama3-V-2_5",
  suspect: "someone/llama3v",
  publisher: "Slipmark",
  updatedAt: "2026-03-01T12:00:00.000Z",
  readAt: "2026-04-02T00:00:00.000Z",
  url: permalink("https://slipmark.example/", "zh", "SLP-2026-0001"),
};

describe("citations", () => {
  it("escapes what means something to TeX", () => {
    expect(citeBibtex(facts)).toBe(
      [
        "@misc{slp-2026-0001,",
        "  title        = {{SLP-2026-0001: someone/llama3v and openbmb/MiniCPM-Llama3-V-2\\_5}},",
        "  author       = {{Slipmark}},",
        "  year         = {2026},",
        "  howpublished = {Case record, version of 2026-03-01},",
        "  url          = {https://slipmark.example/zh/cases/SLP-2026-0001},",
        "  urldate      = {2026-04-02}",
        "}",
      ].join("\n"),
    );
    expect(citeBibtex({ ...facts, suspect: "a\\b{c}~^" })).toContain(
      "a\\textbackslash{}b\\{c\\}\\textasciitilde{}\\textasciicircum{}",
    );
  });

  it("follows GB/T 7714 for an online record", () => {
    expect(citeGbt7714(facts)).toBe(
      "Slipmark. 案例 SLP-2026-0001：someone/llama3v 与 openbmb/MiniCPM-Llama3-V-2_5[EB/OL]. (2026-03-01)[2026-04-02]. https://slipmark.example/zh/cases/SLP-2026-0001.",
    );
  });
});
