// Bundles the command line into one file that needs nothing but Node: dist/slipmark.mjs. The site serves that very
// file by its sha256, so the same sources give the same bytes: no clock, no absolute path, no source map in it.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inlineGrammars } from "./inline-grammars.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** `--if-possible` (the prepare script): an install without devDependencies has no bundler, and that is no failure. */
const optional = process.argv.includes("--if-possible");

const outfileAt = process.argv.indexOf("--outfile");
const outfile = resolve(root, outfileAt === -1 ? "dist/slipmark.mjs" : process.argv[outfileAt + 1]);

let esbuild;
try {
  esbuild = await import("esbuild");
} catch (error) {
  if (!optional) throw error;
  process.stderr.write("slipmark: esbuild is not installed, the command line was not bundled\n");
  process.exit(0);
}

const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

// Some bundled packages are CommonJS and require Node's own modules; and an old Node is told so before they fail on it.
const banner = `import { createRequire as slipmarkRequire } from "node:module";
const require = slipmarkRequire(import.meta.url);
{
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 12)) {
    process.stderr.write("slipmark: needs Node 22.12 or newer, this is " + process.versions.node + "\\n");
    process.exit(2);
  }
}`;

const { outputFiles } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: ["cli/main.ts"],
  outfile: "dist/slipmark.mjs",
  write: false,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  charset: "utf8",
  legalComments: "inline",
  logLevel: "warning",
  define: { SLIPMARK_BUNDLED: "true", SLIPMARK_VERSION: JSON.stringify(version) },
  banner: { js: banner },
  plugins: [inlineGrammars],
});

// Renamed into place: a process that starts meanwhile gets the old file or the new one, never half of it.
await mkdir(dirname(outfile), { recursive: true });
await writeFile(`${outfile}.part`, outputFiles[0].contents);
await rename(`${outfile}.part`, outfile);
