import type { ReactNode } from "react";
import { beforeAll, describe, expect, it } from "vitest";
import { independenceView } from "@/cli/view/own-index";
import { type Locale, locales } from "@/i18n/locales";
import { compare } from "@/lib/engine/compare";
import { renamed, tilerPython, upstreamPython } from "@/lib/engine/methods/code/code-fixtures";
import { independenceStatisticsSchema } from "@/lib/engine/methods/weights-independence/schema";
import type { MethodResult, ResultDocument } from "@/lib/engine/result/document";
import { memoryRelease } from "@/tests/support/memory-release";
import { rendered } from "@/tests/support/rendered";
import { zooRelease } from "@/tests/zoo/zoo";
import { WeightsAligned } from "./aligned/weights-aligned";
import { CodeComparison } from "./code-comparison";
import { DeclaredLineage } from "./declared-lineage";
import { EqualFiles } from "./equal-files";
import { MethodsTable } from "./methods-table";
import { Summary } from "./summary";
import { WeightsFull } from "./weights-full";
import { WeightsIndependence } from "./weights-independence";
import { WeightsInvariant } from "./weights-invariant";

const sections: Readonly<Record<string, (props: { readonly result: MethodResult }) => ReactNode>> = {
  identity: EqualFiles,
  "weights/aligned": WeightsAligned,
  "weights/independence": WeightsIndependence,
  "weights/invariant": WeightsInvariant,
  "weights/full": WeightsFull,
  lineage: DeclaredLineage,
};

const noDates = { original: null, suspect: null } as const;
let document: ResultDocument;
let code: MethodResult;

beforeAll(async () => {
  const [original, suspect, ancestor, control] = await Promise.all(
    ["sibling-1", "noise-1e-3", "base-a", "base-b"].map(zooRelease),
  );
  if (!original || !suspect || !ancestor || !control) throw new Error("the zoo is empty");
  const made = await compare(
    { original, suspect, ancestors: [ancestor], controls: [control] },
    { methods: Object.keys(sections), nonce: "", screened: 1, level: 3 },
  );
  made.blobs.close();
  document = made.result;
  const program = (repository: string, content: string) =>
    memoryRelease([{ path: "tiler.py", content }], { repository });
  const compared = await compare(
    {
      original: program("a/one", tilerPython),
      suspect: program("b/two", renamed(tilerPython)),
      ancestors: [program("c/before", upstreamPython)],
      controls: [],
    },
    { methods: ["code"], nonce: "", screened: 1, level: 1 },
  );
  compared.blobs.close();
  code = compared.result.methods[0] as MethodResult;
}, 240_000);

function section(locale: Locale, id: string, change: Partial<MethodResult> = {}): string {
  const result = document.methods.find(({ method }) => method === id);
  const Section = sections[id];
  if (!result || !Section) throw new Error(`${id} did not run`);
  return rendered(locale, <Section result={{ ...result, ...change }} />);
}

describe.each(locales)("sections in %s", (locale) => {
  it("draw the layers, the residual and the map, each with a name, a description and a table", () => {
    const html = section(locale, "weights/aligned");
    for (const figure of html.split("<figure").slice(1)) {
      const [, title, description] =
        /aria-labelledby="([^"]+)" aria-describedby="([^"]+)"/.exec(figure) ?? [];
      expect(figure).toContain(`<title id="${title}">`);
      expect(figure).toContain(`<desc id="${description}">`);
      expect(figure).toContain("<table>");
      expect(figure).toContain('href="data:text/csv');
    }
    expect(html.split("<figure")).toHaveLength(5);
    // The noise that was added, found again, in the words and in the caption of the residual.
    expect(html).toMatch(/σ = 0\.000(99|10)/);
    // One mark a layer for α and for the cosine, and one beside the name of each.
    expect(html.match(/<circle[^>]*r="3\.4"/g)).toHaveLength(5);
    expect(html.match(/<rect x="[\d.]+" y="[\d.]+" width="6"/g)).toHaveLength(5);
    // Every tensor has its row; all 30 matrices are drawn as noise, the control beside the pair.
    expect(html.match(/data-kind="1"/g)?.length).toBeGreaterThanOrEqual(30);
    expect(html).toContain("model.layers.1.self_attn.v_proj.weight");
    expect(html.match(/class="dot-row"/g)).toHaveLength(3);
  });

  it("count the windows beside the control and name p as a power of ten", () => {
    const html = section(locale, "weights/independence");
    expect(html).toMatch(locale === "en" ? /1,024 of 1,024 rows/ : /1,?024 行中有 1,?024 行/);
    expect(html).toContain(locale === "en" ? "Control 1" : "对照 1");
    expect(html).toContain("10<sup>−589.5</sup>");
    const table = rendered(locale, <MethodsTable methods={document.methods} />);
    expect(table).toContain("10<sup>−589.2</sup>");
    expect(table).toContain("10<sup>−6</sup>");
    expect(table).toContain(locale === "en" ? "none: descriptive" : "无：只作描述");
  });

  it("show the columns of embeddings beside the control, with nothing else to show as well", () => {
    const found = document.methods.find(({ method }) => method === "weights/independence");
    const made = independenceStatisticsSchema.parse(found?.statistics);
    const counts = { groups: 1, windows: 2, of: 16, expected: 2, critical: { e6: 9, e9: null, e12: null } };
    const embedding = {
      ...made.embedding,
      refused: null,
      basis: "strings" as const,
      tokens: 256,
      windows: { sizes: [8, 8], matched: [8, 7] },
      pooled: { ...counts, matched: 15, log10P: -9.4 },
      controls: [
        {
          position: 0,
          against: { original: { ...counts, matched: 3, log10P: -0.3 }, suspect: null },
        },
      ],
    };
    for (const cells of [made.cells, []]) {
      const statistics = { ...made, cells, embedding };
      const html = section(locale, "weights/independence", { statistics });
      expect(html).toContain(locale === "en" ? "15 of 16 columns" : "16 列中有 15 列");
      expect(html).toContain("10<sup>−9.4000</sup>");
      expect(html).toContain(locale === "en" ? "3 of 16" : "3 / 16");
      const lines = independenceView(statistics).join("\n");
      expect(lines).toContain("15/16");
      expect(lines).toContain("control 1: 3/16");
    }
  });

  it("show neurons through tokens, leaves, and what was declared", () => {
    expect(section(locale, "weights/invariant")).toContain(
      locale === "en" ? "512 tokens have the same text" : "512 个词元文本相同",
    );
    expect(section(locale, "weights/full")).toContain(locale === "en" ? "language model" : "语言模型");
    expect(section(locale, "lineage")).toContain(locale === "en" ? "ancestor 1" : "祖先 1");
    expect(section(locale, "identity")).toContain("39");
  });

  it("sum up with α, σ, the parts, and p beside its null and false flags", () => {
    const html = rendered(locale, <Summary document={document} dates={noDates} />);
    // Noise of 1e-3 was added.
    const sigma = Number(/<dd class="tabular">(0\.[0-9]+)<\/dd>/.exec(html)?.[1]);
    expect(Math.abs(sigma - 1e-3)).toBeLessThan(2e-5);
    expect(html).toMatch(/(1\.000\d|0\.999\d) \(0\.999\d – 1\.000\d\)/);
    expect(html).toContain("10<sup>−589.2</sup>");
    expect(html).toContain(locale === "en" ? "independent random init" : "随机初始化");
  });

  it("map renamed identifiers and set matched code side by side, what an ancestor has greyed out", () => {
    const html = rendered(locale, <CodeComparison result={code} />);
    expect(html).toMatch(/<code>tile_side<\/code>.*<code>scale_res<\/code>/);
    expect(html).toContain('data-mark="renamed">choose_grid');
    expect(html).toContain('data-mark="renamed">get_grid');
    expect(html).toContain('data-mark="ancestor"');
  });

  it("fall back to sentences where the statistics are not understood", () => {
    const html = section(locale, "weights/aligned", { statistics: { later: 1 } });
    expect(html).not.toContain("<svg");
    expect(html.length).toBeGreaterThan(200);
  });

  it("say that weights were read where nothing decided", () => {
    const summary = { ...document.summary, notIndependent: null };
    const html = rendered(locale, <Summary document={{ ...document, summary }} dates={noDates} />);
    expect(html).toContain(locale === "en" ? "not decided: weights were read" : "未有定论：已读取权重");
    const unread = { ...document, summary, methods: document.methods.slice(0, 1) };
    expect(rendered(locale, <Summary document={unread} dates={noDates} />)).toContain(
      locale === "en" ? "no weight was read" : "没有读取权重",
    );
  });
});
