import { existsSync } from "node:fs";

/** A browser the machine has already; Playwright's own is used (and installed by tests/support/install-browser) otherwise. */
export function systemChromium(): string | undefined {
  const candidates = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Launch options that work on a closed network, and as root. */
export function chromiumOptions() {
  const path = systemChromium();
  return {
    ...(path === undefined ? {} : { executablePath: path }),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-gpu",
    ],
  };
}
