import { spawn } from "node:child_process";
import { given } from "./peers";

/** The command line as a stranger runs it: the bundle alone, an emptied environment, nothing cached. */
export function slipmark(
  ...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production" as const };
  const child = spawn(process.execPath, ["dist/slipmark.mjs", ...args], {
    env: { ...env, HF_ENDPOINT: given("HF_ENDPOINT"), SLIPMARK_CACHE: "off" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

export async function digestOf(...compareArgs: string[]): Promise<string> {
  const { code, stdout, stderr } = await slipmark("compare", ...compareArgs, "--json");
  if (code !== 0) throw new Error(`slipmark compare ended with ${code}: ${stderr}`);
  return (JSON.parse(stdout) as { digest: string }).digest;
}
