import { describe, expect, it } from "vitest";
import { searchTerms, searchText } from "./index";

const finds = (query: string, ...parts: (string | null)[]) =>
  searchTerms(query).every((term) => searchText(parts).includes(term));

describe("search", () => {
  it("finds words by their beginning, whatever case, width or order", () => {
    expect(finds("mini LLAMA3", "openbmb/MiniCPM-Llama3-V-2_5")).toBe(true);
    expect(finds("ｍｉｎｉ", "openbmb/MiniCPM")).toBe(true);
    expect(finds("cpm", "openbmb/MiniCPM")).toBe(false);
  });

  it("finds Chinese inside a sentence without spaces, single characters too", () => {
    expect(finds("竹简", "清华大学的竹简数据集")).toBe(true);
    expect(finds("简", "清华大学的竹简数据集")).toBe(true);
    expect(finds("竹集", "清华大学的竹简数据集")).toBe(false);
    expect(finds("竹简 v2", "清华竹简 V2", null)).toBe(true);
  });

  it("finds traditional characters by simplified ones, and the other way round", () => {
    expect(finds("竹简", "戰國竹簡釋文")).toBe(true);
    expect(finds("戰國竹簡", "战国竹简")).toBe(true);
    expect(finds("释文", "戰國竹簡釋文")).toBe(true);
  });

  it("asks for nothing when nothing was typed, and bounds what it asks", () => {
    expect(searchTerms(" ,. ")).toEqual([]);
    expect(searchTerms("a b c d e f g h i j k l m n o p q").length).toBe(12);
  });

  it("does not let LIKE characters through", () => {
    expect(searchTerms("100%_done\\")).toEqual([" 100", " done"]);
  });
});
