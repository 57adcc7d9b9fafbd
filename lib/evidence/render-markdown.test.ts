import { describe, expect, it, test } from "vitest";
import { extractLinks, webAddress } from "./links";
import { renderMarkdown } from "./render-markdown";

const render = (body: string) => renderMarkdown(body, "pst_1");

describe("renderMarkdown", () => {
  it("renders tables, lists, code and emphasis", () => {
    expect(render("**a** `b`\n\n| x | y |\n|:--|--:|\n| 1 | 2 |")).toContain('<td align="right">2</td>');
    expect(render("- [x] done\n- [ ] open")).toContain("☑ ");
  });

  it("drops raw HTML, scripts, handlers and styles", () => {
    const hostile = [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "<svg onload=alert(1)></svg>",
      "<iframe src='https://evil.example'></iframe>",
      "<style>body{display:none}</style>",
      "<a href='javascript:alert(1)'>x</a>",
      "<form action='/api'><input name=q></form>",
    ];
    for (const text of hostile) {
      const html = render(text);
      expect(html).not.toMatch(/<(script|img|svg|iframe|style|form|input)|onerror|onload|javascript:/i);
      expect(render(`text ${text} text`)).not.toMatch(
        /<(script|img|svg|iframe|style|form|input)|javascript:/i,
      );
    }
  });

  it("lets no address run anything", () => {
    for (const address of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "java\nscript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "vbscript:x",
      "//evil.example/x",
      "/en/account",
      "https://user:secret@evil.example/",
    ])
      expect(render(`[x](<${address}>)`)).not.toContain("href");
  });

  it("marks links and loads no image", () => {
    expect(render("[x](https://a.example/b)")).toBe(
      '<p><a href="https://a.example/b" rel="ugc nofollow noopener">x</a></p>',
    );
    const image = render("![a picture](https://a.example/b.png)");
    expect(image).not.toContain("<img");
    expect(image).toContain('<a href="https://a.example/b.png" rel="ugc nofollow noopener">a picture</a>');
  });

  it("starts headings at h4 and keeps ids of two posts apart", () => {
    expect(render("# a\n\n###### b")).toBe("<h4>a</h4>\n<h6>b</h6>");
    const html = render("text[^1]\n\n[^1]: note");
    for (const [, id] of html.matchAll(/ id="([^"]+)"/g)) expect(id).toMatch(/^pst_1-/);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${target}"`);
  });

  // No clock in it: what these cost without a bound is minutes or all memory, and a busy machine is no failure.
  it("survives texts made to break parsers", { timeout: 30_000 }, () => {
    for (const body of [
      ">".repeat(10_000),
      "- ".repeat(5_000),
      "[".repeat(10_000),
      "*".repeat(20_000),
      "![".repeat(5_000),
      "`".repeat(19_999),
      "\u0000\u202e<b>",
      "|".repeat(10_000),
      "]".repeat(20_000),
      "*a_ ".repeat(5_000),
      "a**b".repeat(5_000),
      `> a\n${"b\n".repeat(9_900)}`,
      `a|b\n-|-\n${"|\n".repeat(9_900)}`,
      // Without a bound: 2,500 columns in each of 4,900 rows, and the process is out of memory.
      `${"|a".repeat(2_500)}\n${"|-".repeat(2_500)}\n${"x\n".repeat(4_900)}`,
      `${"|a".repeat(140)}\n${"|-".repeat(140)}\n${"x\n".repeat(135)}`,
      `[^a]: x\n\n${"[^a]".repeat(990)}`,
    ]) {
      expect(typeof render(body)).toBe("string");
      extractLinks(body);
    }
  });
});

test("a long report with a table, names and links is still rendered", () => {
  const names = Array.from(
    { length: 60 },
    (_, i) => `| model.layers.${i}.self_attn.q_proj.weight | **same** |`,
  );
  const body = `| name | finding |\n| - | - |\n${names.join("\n")}\n\n${"See [this](https://a.example/x_y). ".repeat(200)}`;
  expect(render(body)).toContain("<td>model.layers.59.self_attn.q_proj.weight</td>");
  expect(extractLinks(body)).toEqual(["https://a.example/x_y"]);
});

describe("extractLinks", () => {
  it("finds links, images, definitions and bare addresses once each, in order", () => {
    expect(
      extractLinks(
        "[a](https://a.example/#x) https://b.example ![c](http://c.example/d.png) <https://a.example/>",
      ),
    ).toEqual(["https://a.example/", "https://b.example/", "http://c.example/d.png"]);
  });

  it("takes neither other schemes nor credentials, nor more than 20", () => {
    expect(extractLinks("[a](ftp://a.example) [b](https://u:p@a.example) [c](mailto:a@b.example)")).toEqual(
      [],
    );
    const many = Array.from({ length: 50 }, (_, index) => `https://a.example/${index}`).join(" ");
    expect(extractLinks(many)).toHaveLength(20);
    expect(webAddress("javascript:alert(1)")).toBeNull();
  });
});
