import { describe, expect, it } from "vitest";
import { negotiateLocale } from "./locales";

describe("negotiateLocale", () => {
  it.each([
    [null, "en"],
    ["", "en"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
    ["zh-Hant-TW", "zh"],
    ["en;q=0.3, zh;q=0.7", "zh"],
    ["fr, de;q=0.5", "en"],
    ["zh;q=0, fr", "en"],
    ["ZH", "zh"],
    [";;;,,,q=1", "en"],
  ])("%j → %s", (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
});
