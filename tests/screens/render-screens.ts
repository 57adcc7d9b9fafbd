/**
 * `npm run screens [-- ORIGIN]`: named screens × two languages × two widths × light and dark, as PNG in var/screens.
 * Renders a running site (default http://127.0.0.1:3000); the example ledger gives every screen something to show.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { chromiumOptions } from "../support/browser";

const origin = (process.argv[2] ?? "http://127.0.0.1:3000").replace(/\/$/, "");
const folder = join("var", "screens");
const languages = ["en", "zh"] as const;
const widths = { phone: 390, wide: 1280 } as const;
const schemes = ["light", "dark"] as const;

/** Where a screen is; some are found by following the first link of a list. */
const screens: Readonly<Record<string, readonly [path: string, ...follow: string[]]>> = {
  home: ["/"],
  cases: ["/cases"],
  case: ["/cases", "/cases/"],
  model: ["/models", "/models/mdl_"],
  run: ["/cases", "/cases/", "/runs/run_"],
  check: ["/check"],
  methods: ["/methods/architecture"],
  rules: ["/rules"],
  log: ["/log"],
  entry: ["/log/entries", "/log/entries/"],
  canaries: ["/canaries"],
  "canary-set": ["/canaries", "/canaries/"],
  "canary-judgement": ["/canaries", "/canaries/", "/canaries/*/judgements/"],
};

async function find(page: Page, [path, ...follow]: readonly [string, ...string[]]): Promise<string | null> {
  let at = path;
  for (const prefix of follow) {
    await page.goto(`${origin}/en${at === "/" ? "" : at}`);
    const hrefs = await page
      .locator(linksTo(prefix))
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    const next = await firstThatLeadsOn(page, hrefs, follow.at(follow.indexOf(prefix) + 1));
    if (next === null) return null;
    at = next.replace(/^\/en/, "").replace(/#.*$/, "");
  }
  return at;
}

/** Links below an address; a * stands for any part of it. What makes something new is no example of it. */
function linksTo(prefix: string): string {
  const [start = "", ...rest] = prefix.split("*");
  const parts = rest.map((part) => `[href*="${part}"]`).join("");
  return `main a[href^="/en${start}"]${parts}:not([href$="/new"])`;
}

/** Of several links the first whose page has what the next step looks for. */
async function firstThatLeadsOn(page: Page, hrefs: readonly string[], next: string | undefined) {
  if (next === undefined) return hrefs[0] ?? null;
  for (const href of new Set(hrefs)) {
    await page.goto(origin + href);
    if ((await page.locator(linksTo(next)).count()) > 0) return href;
  }
  return hrefs[0] ?? null;
}

async function render(browser: Browser): Promise<void> {
  const scout = await browser.newPage();
  for (const [name, way] of Object.entries(screens)) {
    const path = await find(scout, way);
    if (path === null) {
      console.error(`${name}: nothing to show at ${way.join(" → ")}`);
      process.exitCode = 1;
      continue;
    }
    for (const colorScheme of schemes) {
      for (const [width, pixels] of Object.entries(widths)) {
        const page = await browser.newPage({
          colorScheme,
          viewport: { width: pixels, height: 900 },
          reducedMotion: "reduce",
        });
        for (const language of languages) {
          await page.goto(`${origin}/${language}${path === "/" ? "" : path}`);
          await page.evaluate(() => document.fonts.ready);
          await page.screenshot({
            path: join(folder, `${name}-${language}-${width}-${colorScheme}.png`),
            fullPage: true,
          });
        }
        await page.close();
      }
    }
    console.error(`${name}: ${path}`);
  }
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch(chromiumOptions());
try {
  await render(browser);
} finally {
  await browser.close();
}
