import { open } from "node:fs/promises";
import { join } from "node:path";
import {
  type CommitmentDocument,
  limits,
  openSecrets,
  parseCommitment,
  type SetSecrets,
} from "../lib/engine/canary";
import { EngineError } from "../lib/engine/errors";
import { passphraseFor } from "./passphrase";
import { createProgress } from "./progress";

/** What `slipmark canary new` writes, by name. */
export const canaryFiles = {
  commitment: "commitment.json",
  secrets: "secrets.json",
  authorKey: "author-key.pem",
  targets: "targets.jsonl",
  openings: "openings.jsonl",
  images: "images",
} as const;

const largestJson = 1024 * 1024;

/** Throws CanaryError "malformed" or "bad-commitment", EngineError "bad-input". */
export async function readCommitment(folder: string): Promise<CommitmentDocument> {
  return parseCommitment(await readBounded(join(folder, canaryFiles.commitment), largestJson));
}

/** The secrets of a folder, or of a copy kept elsewhere. Throws CanaryError, EngineError, UsageError. */
export async function readSecrets(
  folder: string,
  commitment: CommitmentDocument,
  elsewhere: string | undefined,
): Promise<SetSecrets> {
  const path = elsewhere ?? join(folder, canaryFiles.secrets);
  const file = await readBounded(path, 2 * limits.secretsBytes);
  const passphrase = await passphraseFor("open", process.env);
  const progress = createProgress(process.stderr);
  let secrets: SetSecrets;
  try {
    secrets = await openSecrets(file, passphrase, {
      onProgress: (done) => progress.phase({ phase: "opening the secrets", done, total: 1 }),
    });
  } finally {
    progress.clear();
  }
  const { setId, root, authorKeyId } = commitment;
  if (secrets.setId !== setId || secrets.root !== root || secrets.authorKeyId !== authorKeyId)
    throw new EngineError("bad-input", `${path} holds the secrets of another set than ${folder} commits to`);
  return secrets;
}

export async function readBounded(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" || error.code === "ENOTDIR"
      ? new EngineError("bad-input", `There is no file ${path}`)
      : error;
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new EngineError("bad-input", `${path} is not a file`);
    if (facts.size > most) throw new EngineError("bad-input", `${path} is too large`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
