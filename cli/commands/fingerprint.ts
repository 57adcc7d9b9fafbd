import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EngineError } from "../../lib/engine/errors";
import { fingerprintText } from "../../lib/engine/fingerprint/document";
import { type Fingerprint, fullSchemaName } from "../../lib/engine/fingerprint/schema";
import { readSigningKey, type SigningKey, signFingerprint } from "../../lib/engine/fingerprint/signature";
import { fingerprintRelease } from "../../lib/engine/io/fingerprint-release";
import { folderLeafStore } from "../../lib/engine/io/leaf-store";
import { openRelease } from "../../lib/engine/io/source/open-release";
import { formatSourceSpec, parseSourceSpec } from "../../lib/engine/io/source/spec";
import { forTerminal, writeOutput } from "../output";
import { createProgress, readableBytes } from "../progress";
import { sourceIoFrom } from "../settings";
import { UsageError } from "../usage";

const largestKey = 64 * 1024;

/** `slipmark fingerprint`: the document goes to --out, and to standard output with --json or without --out. */
export async function fingerprintCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      light: { type: "boolean" },
      key: { type: "string" },
      out: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) throw new UsageError("fingerprint takes one SOURCE");
  // Before hours of reading: a key that cannot be used is said at once.
  const key = values.key === undefined ? null : await signingKey(values.key);
  const light = values.light ?? false;
  const progress = createProgress(process.stderr);
  const settings = sourceIoFrom(process.env);
  const io = {
    ...settings,
    signal,
    onBytes: progress.bytes,
    // Every byte is read once: neither the limit of a comparison nor a cache that it would fill.
    ...(light ? {} : { cacheFolder: null, limits: { ...settings.limits, ...unbounded } }),
  };
  const spec = parseSourceSpec(source, { hubOrigin: io.hf.endpoint });
  try {
    progress.phase({ phase: `reading ${formatSourceSpec(spec)}`, done: 0, total: 1 });
    const reader = await openRelease(spec, io);
    const parts = light ? null : partsFolder(values.out, settings.cacheFolder);
    const made = await fingerprintRelease(reader, {
      light,
      signal,
      onProgress: progress.phase,
      ...(parts === null ? {} : { store: folderLeafStore(parts) }),
    });
    const document = key === null ? made : signFingerprint(made, key);
    progress.clear();
    const text = fingerprintText(document);
    if (values.out !== undefined) await writeFile(values.out, text);
    if (values.json || values.out === undefined) await writeOutput(process.stdout, text);
    if (parts !== null) await rm(parts, { recursive: true, force: true });
    if (!values.json) await writeOutput(process.stderr, forTerminal(summary(document, text.length)));
    return 0;
  } finally {
    progress.clear();
  }
}

const unbounded = { maxTotalBytes: Number.MAX_SAFE_INTEGER, maxRequests: 10_000_000 };

/** Where an interrupted one goes on from: beside what is written, else in the cache. */
function partsFolder(out: string | undefined, cacheFolder: string | null): string {
  if (out !== undefined) return `${out}.part`;
  return cacheFolder === null ? join(tmpdir(), "slipmark-leaves") : join(cacheFolder, "leaves");
}

async function signingKey(path: string): Promise<SigningKey> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new EngineError("bad-input", `There is no key file ${path}`);
  if (facts.size > largestKey) throw new EngineError("bad-input", `${path} is too large for a key`);
  return readSigningKey(await readFile(path, "utf8"));
}

function summary(document: Fingerprint, bytes: number): string {
  const { release, tensors, signature } = document;
  const lines = [
    "",
    `${document.schema}  ${document.digest}`,
    `release   ${release.repository ?? "a folder"} @ ${release.commit ?? "no commit"}`,
    `tensors   ${tensors.length}, ${readableBytes(bytes)}`,
    signature === undefined ? "signed    no" : `signed    by key ${signature.keyId}`,
    "",
    document.schema === fullSchemaName
      ? "Made from every byte of these weights, on this machine: others can only take it as claimed."
      : "Made from samples at public positions: it proposes candidates and nothing else.",
  ];
  return `${lines.join("\n")}\n`;
}
