/**
 * Finds a Chromium for the browser tests or installs one: the system's, else Playwright's own download, else the
 * distribution's package (when we may). Run before `playwright test`.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { systemChromium } from "./browser";

const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: "inherit" }).status === 0;

function haveBrowser(): boolean {
  return systemChromium() !== undefined || existsSync(chromium.executablePath());
}

function chineseFonts(): boolean {
  const list = spawnSync("fc-list", [":lang=zh"], { encoding: "utf8" });
  return list.status === 0 && list.stdout.trim() !== "";
}

const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
const debian = (...packages: string[]): boolean =>
  mayInstall &&
  run("apt-get", ["update", "-q"]) &&
  run("apt-get", ["install", "-qy", "--no-install-recommends", ...packages]);

if (!haveBrowser()) {
  console.log("No Chromium found; installing one.");
  if (!debian("chromium", "fonts-noto-cjk")) run("npx", ["playwright", "install", "chromium"]);
}
if (!haveBrowser()) {
  console.error("No Chromium: install one (for example your distribution's package) or set CHROMIUM_PATH.");
  process.exitCode = 1;
} else if (!chineseFonts()) {
  // Screenshots would show boxes; the tests themselves do not depend on glyphs.
  if (!debian("fonts-noto-cjk"))
    console.warn("No Chinese font found: Chinese pages will be drawn with boxes.");
}
