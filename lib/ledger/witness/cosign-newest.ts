import { consistencyProof, formatNote, hex, parseNote } from "@/lib/engine/log";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Clock } from "@/lib/platform/clock";
import type { Database } from "@/lib/platform/database";
import { tileReader } from "../log/log-files";
import { type PublishedCheckpoint, publishedCheckpoint } from "../log/read";
import { isPlausible } from "../vouching/plausible";
import { addCheckpoint, type WitnessProblem } from "./add-checkpoint";
import type { Witness } from "./configured";
import { lastCosigned } from "./state";

export interface CosigningDeps {
  readonly db: Database;
  readonly files: NamedFiles;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

export type CosigningRound =
  /** `fresh`: a line that was not there before. */
  | { readonly outcome: "cosigned"; readonly fresh: boolean }
  | { readonly outcome: "nothing-published" }
  | { readonly outcome: "problem"; readonly problem: WitnessProblem; readonly retryAfter: number | null };

/** After a conflict the size in the answer is used; somebody who submits at the same time may be faster again. */
const tries = 4;

/**
 * Has the newest published checkpoint cosigned by one witness and keeps its line. Does nothing when the line is there.
 * A witness that fails is an outcome; only a failing database or file store throws.
 */
export async function cosignNewest(
  { db, files, clock, timeoutMs }: CosigningDeps,
  witness: Witness,
  signal: AbortSignal,
): Promise<CosigningRound> {
  const failed = (problem: WitnessProblem, retryAfter: number | null = null): CosigningRound => ({
    outcome: "problem",
    problem,
    retryAfter,
  });
  let old = (await lastCosigned(db, witness))?.size ?? 0;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    // Read again each time: the log may have grown past the size that somebody else submitted.
    const checkpoint = await publishedCheckpoint(db);
    if (checkpoint === null) return { outcome: "nothing-published" };
    if (await isCosigned(db, witness, checkpoint.size)) return { outcome: "cosigned", fresh: false };
    if (old > checkpoint.size) return failed("ahead");
    const answer = await addCheckpoint(
      witness,
      {
        old,
        proof: await consistencyProof(old, checkpoint.size, tileReader(files)),
        note: ownLines(checkpoint),
      },
      { timeoutMs, signal },
    );
    if (answer.outcome === "problem") return failed(answer.problem, answer.retryAfter ?? null);
    if (answer.outcome === "cosigned") {
      const { line, time } = answer.cosignature;
      const at = new Date(time * 1000);
      if (!isPlausible(at, checkpoint.createdAt, clock.now())) return failed("wrong-time");
      await keepLine(db, witness, checkpoint.size, line, at);
      return { outcome: "cosigned", fresh: true };
    }
    old = answer.size;
  }
  return failed("busy");
}

/** The checkpoint with the log's own signatures only: what other witnesses said is no business of this one. */
function ownLines({ note, origin }: PublishedCheckpoint): string {
  const { text, signatures } = parseNote(note);
  return formatNote(
    text,
    signatures.filter(({ name }) => name === origin).map(({ line }) => line),
  );
}

async function isCosigned(db: Database, { key }: Witness, size: number): Promise<boolean> {
  const id = { size: BigInt(size), name: key.name, keyId: hex(key.keyId) };
  return (await db.logSignature.findUnique({ where: { size_name_keyId: id } })) !== null;
}

async function keepLine(db: Database, { key }: Witness, size: number, line: string, time: Date) {
  await db.logSignature.createMany({
    data: [{ size, line, signer: "witness", name: key.name, keyId: hex(key.keyId), time }],
    skipDuplicates: true,
  });
}
