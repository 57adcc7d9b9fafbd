/**
 * Installs Go and its transparency log packages from the distribution, when they are missing and we may. Run before the
 * contract tests, which read our log with them; without them those tests are skipped, except in CI.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { missingGo } from "./go";

const apt = (...words: string[]): boolean =>
  spawnSync("apt-get", words, {
    stdio: "inherit",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  }).status === 0;
const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

if (missingGo() !== null && mayInstall) {
  console.log(`Installing Go for the contract tests: ${missingGo()}.`);
  const packages = ["golang-go", "golang-golang-x-mod-dev"];
  if (apt("update", "-q")) apt("install", "-qy", "--no-install-recommends", ...packages);
}
const missing = missingGo();
if (missing !== null) {
  console.error(`The log is not tested against Go: ${missing}.`);
  if (process.env.CI) process.exitCode = 1;
}
