#!/usr/bin/env node
// Starts the bundled command line. Under a Node older than the project needs it starts again with the Node that the
// lock file brings along, if that is installed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const recent = major > 22 || (major === 22 && minor >= 12);
const own = fileURLToPath(
  new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
);
const bundle = fileURLToPath(new URL("../dist/slipmark.mjs", import.meta.url));

if (!existsSync(bundle)) {
  process.stderr.write("slipmark: dist/slipmark.mjs is missing; run npm run build:cli\n");
  process.exit(2);
}
if (recent) {
  await import(bundle);
} else if (existsSync(own)) {
  const child = spawnSync(own, [bundle, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exit(child.status ?? 2);
} else {
  process.stderr.write(`slipmark: needs Node 22.12 or newer, this is ${process.versions.node}\n`);
  process.exit(2);
}
