import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workshop {
  /** A temporary folder outside of the project: nothing of node_modules can be found from it. */
  readonly folder: string;
  /** The bundle, freshly built into that folder. */
  readonly bundle: string;
  slipmark(args: readonly string[], environment?: Record<string, string>): Promise<Outcome>;
  /** Writes a release folder from texts and JSON values. */
  release(name: string, files: Readonly<Record<string, string | object>>): Promise<string>;
  close(): Promise<void>;
}

const project = join(import.meta.dirname, "../..");

/** Builds the bundle as `npm run build:cli` does, into a folder of its own, and runs it from there. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-cli-"));
  const bundle = join(folder, "slipmark.mjs");
  await buildBundle(bundle);
  return {
    folder,
    bundle,
    slipmark: (args, environment = {}) => run(bundle, args, folder, environment),
    async release(name, files) {
      for (const [path, content] of Object.entries(files)) {
        const target = join(folder, name, path);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, typeof content === "string" ? content : JSON.stringify(content));
      }
      return join(folder, name);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A model card: what it declares is judged by the other repository's name, which a folder does not have. */
export const card = "---\nlicense: apache-2.0\nbase_model: bamboo/original\n---\n# Reed\n";

export async function buildBundle(outfile: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(project, "cli/build.mjs"), "--outfile", outfile]);
}

function run(
  bundle: string,
  args: readonly string[],
  folder: string,
  environment: Record<string, string>,
): Promise<Outcome> {
  const child = spawn(process.execPath, [bundle, ...args], {
    cwd: folder,
    env: { HOME: folder, SLIPMARK_CACHE: "off", ...environment } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text.stdout += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text.stderr += part));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
  });
}

/** Two releases with names renamed by prefix, a common tokenizer and an ordinary config: what most tests need. */
export const originalFiles = {
  "config.json": { model_type: "bamboo", hidden_size: 64, query_num: 96 },
  "model.safetensors.index.json": index([
    "vision.a.weight",
    "vision.b.weight",
    "llm.a.weight",
    "llm.b.weight",
  ]),
  "tokenizer_config.json": { added_tokens_decoder: {}, model_max_length: 2048 },
};

export const suspectFiles = {
  "config.json": { model_type: "reed", hidden_size: 64, query_num: 96 },
  "model.safetensors.index.json": index(["eye.a.weight", "eye.b.weight", "llm.a.weight", "llm.b.weight"]),
  "tokenizer_config.json": '{\n  "model_max_length": 2048,\n  "added_tokens_decoder": {}\n}\n',
};

function index(names: readonly string[]): object {
  const shard = "model-00001-of-00001.safetensors";
  return {
    metadata: { total_size: 1000 },
    weight_map: Object.fromEntries(names.map((name) => [name, shard])),
  };
}
