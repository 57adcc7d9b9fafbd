import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { open, readFile, stat, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { EngineError } from "../../lib/engine/errors";
import { readSigningKey } from "../../lib/engine/fingerprint/signature";
import { LogError, payloadOfPae, text } from "../../lib/engine/log";
import { writeOutput } from "../output";
import { UsageError } from "../usage";

const largestStatement = 1_000_000;
const largestKey = 64 * 1024;

/** `slipmark key new --out FILE`: an Ed25519 key as PKCS #8 PEM, readable by its owner; never written over another. */
export async function keyCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: { out: { type: "string" } },
  });
  if (positionals.join(" ") !== "new" || values.out === undefined)
    throw new UsageError("key takes: new --out FILE");
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const file = await open(values.out, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST")
      throw new EngineError("bad-input", `${values.out} exists and stays as it is`);
    throw error;
  });
  await file.writeFile(privateKey.export({ format: "pem", type: "pkcs8" }));
  await file.close();
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  await writeOutput(process.stdout, `public key  ${raw.toString("hex")}\n`);
  await writeOutput(process.stderr, `Keep ${values.out}: nobody else has it, and it cannot be made again.\n`);
  return 0;
}

/** `slipmark sign STATEMENT.pae --key FILE`: the two lines to hand in, and on the terminal what is being signed. */
export async function signCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: { key: { type: "string" }, json: { type: "boolean" }, out: { type: "string" } },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0 || values.key === undefined)
    throw new UsageError("sign takes one STATEMENT.pae and --key FILE");
  const encoding = await bounded(path, largestStatement);
  let statement: { readonly predicateType?: unknown };
  try {
    statement = JSON.parse(text(payloadOfPae(encoding))) as typeof statement;
  } catch (error) {
    const why = error instanceof LogError ? error.message : "its statement is not JSON";
    throw new EngineError("bad-input", `${path} is not a statement to sign: ${why}`);
  }
  const { key } = readSigningKey((await bounded(values.key, largestKey)).toString("utf8"));
  const publicKey = createPublicKey(key)
    .export({ format: "der", type: "spki" })
    .subarray(-32)
    .toString("hex");
  const signature = sign(null, encoding, key).toString("base64");
  const answer = values.json
    ? `${JSON.stringify({ publicKey, signature })}\n`
    : `public key  ${publicKey}\nsignature   ${signature}\n`;
  if (values.out !== undefined) await writeFile(values.out, answer);
  else await writeOutput(process.stdout, answer);
  if (!values.json) await writeOutput(process.stderr, `Signed ${String(statement.predicateType)}\n`);
  return 0;
}

async function bounded(path: string, most: number): Promise<Buffer> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new EngineError("bad-input", `There is no file ${path}`);
  if (facts.size > most) throw new EngineError("bad-input", `${path} is too large`);
  return readFile(path);
}
