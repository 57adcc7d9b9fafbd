/**
 * `npm run calibrate:canaries [-- PANELS SUSPECTS]`: simulates innocent suspects for every statistic of the judge and
 * writes the measured rates into docs/CANARIES.md. The same seeds every time.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { logTail, trialsOf } from "@/lib/engine/canary/judge/poisson-binomial";
import { permutedDraws, rankDraws, secretDraws } from "./canary-exact";
import { choice, clans, divided, Items, reading, type Trade } from "./canary-models";
import { agreementsOf, type PanelDraws, type PanelOptions, panelDraws, rateAt, widths } from "./canary-rates";

const target = fileURLToPath(new URL("../../docs/CANARIES.md", import.meta.url));
const [panels = 60, suspects = 20] = process.argv.slice(2).map(Number);
const seed = 90_000;
const alphas = [0.05, 0.01, 1e-3];

function exactTable(): string[] {
  const rows: [string, readonly number[]][] = [
    ["p_secret, 90 items of 16, 26 and 64 options", secretDraws(200_000, 1)],
    ["p_secret of permuted labels, 60 items", permutedDraws(50_000, 2)],
    ["p_rank, 19 references", rankDraws(100_000, 19, 3)],
    ["p_rank, 999 references", rankDraws(20_000, 999, 4)],
  ];
  return [
    "| exact | draws | p ≤ .05 | p ≤ .01 | p ≤ .001 |",
    "|---|---|---|---|---|",
    ...rows.map(([name, values]) => `| ${name} | ${values.length} | ${rates(values)} |`),
  ];
}

const rates = (values: readonly number[]) => alphas.map((alpha) => rate(rateAt(values, alpha))).join(" | ");

const scenarios: readonly (readonly [string, Omit<PanelOptions, "panels" | "suspects" | "seed">])[] = [
  ...([5, 10] as const).flatMap((references) =>
    (
      [
        ["multiple choice", choice],
        ["reading", reading],
        ["divided", divided],
        ["clans", clans],
      ] as const
    ).map(([name, trade]) => [`${name}, ${references} references`, { trade, references }] as const),
  ),
  ["multiple choice, 20 references", { trade: choice, references: 20 }],
  ["20 references of 5 families, one speaks for each", { trade: clans, references: 20, perFamily: 4 }],
  ["the same, every member counted", { trade: clans, references: 20, perFamily: 4, everyMember: true }],
  [
    "multiple choice, O and S share a base (.3), 10 references do not",
    { trade: choice, references: 10, sharedBase: 0.3 },
  ],
  [
    "reading, O and S share a base (.3), 10 references do not",
    { trade: reading, references: 10, sharedBase: 0.3 },
  ],
  ["the same with 5 matched references", { trade: reading, references: 5, matched: 5, sharedBase: 0.3 }],
  ["the same with 10 matched references", { trade: reading, references: 5, matched: 10, sharedBase: 0.3 }],
];

function panelTables(): string[] {
  const found: [string, PanelDraws][] = scenarios.map(([name, options]) => {
    process.stderr.write(`${name}\n`);
    return [name, panelDraws({ ...options, panels, suspects, seed })];
  });
  const [chosen = "", ...others] = Object.keys(widths);
  return [
    "",
    `Innocent suspects flagged, ${panels} panels × ${suspects} suspects each:`,
    "",
    "| panel | agreement (sd) | p_robust ≤ .05 | ≤ .01 | ≤ .001 | p_rank ≤ .05 | panel tail ≤ .001 | ≤ 1e-6 |",
    "|---|---|---|---|---|---|---|---|",
    ...found.map(([name, { agreement, robust, rank, panel }]) => {
      const share = `${agreement.mean.toFixed(2)} (${agreement.sd.toFixed(2)})`;
      const tail = [1e-3, 1e-6].map((alpha) => rate(rateAt(panel, alpha))).join(" | ");
      return `| ${name} | ${share} | ${rates(robust[chosen] ?? [])} | ${rate(rateAt(rank, 0.05))} | ${tail} |`;
    }),
    "",
    "Other widths of the law of shifts, p ≤ .05 / .01 / .001:",
    "",
    `| panel | ${others.join(" | ")} |`,
    `|---|${others.map(() => "---|").join("")}`,
    ...found.map(([name, { robust }]) => {
      const cells = others.map((width) =>
        alphas.map((alpha) => rate(rateAt(robust[width] ?? [], alpha))).join(" / "),
      );
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ];
}

/** What a binomial null on natural items would do: which is why no option of Slipmark can choose one. */
function binomialTable(): string[] {
  const rows = [100, 400].map((items) => {
    const flagged = [1 / 3, 0.6].map((q) =>
      rateAt(binomialDraws({ ...choice, items: items * 4 }, q, items), 1e-6),
    );
    return `| ${items} | ${flagged.map(rate).join(" | ")} |`;
  });
  return [
    "",
    "What a binomial null would do to unrelated pairs of the multiple-choice trade at a nominal 1e-6:",
    "",
    "| joint errors | null 1/3 | null .6 |",
    "|---|---|---|",
    ...rows,
  ];
}

function binomialDraws(trade: Trade, q: number, errors: number): number[] {
  const values: number[] = [];
  for (let at = 0; at < 300; at++) {
    const items = new Items(trade, seed + 7 * at);
    const { n, x } = agreementsOf(items.model(), items.model(), errors);
    values.push(Math.exp(logTail(trialsOf(new Array<number>(n).fill(q)), x)));
  }
  return values;
}

const rate = (value: number) => (value === 0 ? "0" : value < 1e-3 ? value.toFixed(5) : value.toFixed(4));

const [open, close] = ["<!-- calibration: npm run calibrate:canaries -->", "<!-- end of calibration -->"];
const written = [open, "", ...exactTable(), ...panelTables(), ...binomialTable(), "", close].join("\n");
const page = readFileSync(target, "utf8");
const [from, to] = [page.indexOf(open), page.indexOf(close)];
if (from < 0 || to < from) throw new Error("docs/CANARIES.md has no place for the calibration");
writeFileSync(target, `${page.slice(0, from)}${written}${page.slice(to + close.length)}`);
