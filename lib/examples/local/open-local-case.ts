import { setTimeout as sleep } from "node:timers/promises";
import type { DraftCaseInput } from "@/lib/cases";
import { type DraftOutcome, draftCase, findCase, moveCase, submitCase } from "@/lib/cases/server";
import type { Context } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";
import { queueRun } from "@/lib/verification/server";
import { asPerson } from "../ledger/people";
import type { ServedFolder } from "./hub-client";

export interface LocalPair {
  readonly original: ServedFolder;
  readonly suspect: ServedFolder;
  readonly base: ServedFolder | null;
}

const address = ({ name, commit }: ServedFolder) => `hf:${name}@${commit}`;

const claims: DraftCaseInput["claims"] = [
  { kind: "same-files", text: "Which files are equal, and which are equal but for their layout?" },
  { kind: "same-structure", text: "Are the tensor names and the configuration the same but for renaming?" },
  { kind: "same-tokenizer", text: "Is the tokenizer the same, beyond what both have from their base?" },
  { kind: "lineage-undeclared", text: "What do the cards declare?" },
];
const claimsOfDeclared: DraftCaseInput["claims"] = [
  { kind: "licence-notice", text: "What do the cards declare, and under which licence?" },
  { kind: "undeclared-part", text: "Is there more in common than the card declares?" },
];

const statement = `Opened on this machine with \`npm run case\`, from folders that the example Hub serves. The places where
these files were published are not asked; the case is here to be examined, and says nothing about anybody.`;

/**
 * Brings a case on the pair to "open" through the ordinary commands and queues a run on it: reported, reviewed and
 * opened at once by an example moderator, with the public reason that these are folders of this machine and that there
 * is nobody to tell. The same pair again is the same case with another run.
 */
export async function openLocalCase(
  ctx: Context,
  pair: LocalPair,
): Promise<{ publicId: string; runId: string }> {
  const reporter = await asPerson(ctx, "tool");
  const moderator = await asPerson(ctx, "alder");
  const drafted = await draft(reporter, pair);
  const { caseId } = drafted;
  const act = async (move: "notify" | "open-early") =>
    moveCase(moderator, {
      caseId,
      act: move === "notify" ? { act: "notify" } : { act: "open-early", reason: "local-folders" },
    });
  if (drafted.outcome === "drafted") {
    await submitCase(reporter, { caseId });
    await act("notify");
  }
  if ((await findCase(ctx.db, caseId))?.state === "notified") await act("open-early");
  const row = await findCase(ctx.db, caseId);
  if (row === null || row.publicId === null) throw new AppError("not-found");
  const commits = new Map(row.releases.map((one) => [one.role, one.release.commit]));
  if (commits.get("original") !== pair.original.commit || commits.get("suspect") !== pair.suspect.commit)
    throw new AppError("changed-meanwhile", { detail: { case: row.publicId } });
  const { runId } = await queueRun(moderator, { caseId });
  return { publicId: row.publicId, runId };
}

async function draft(reporter: Context, pair: LocalPair): Promise<DraftOutcome> {
  const input = {
    original: address(pair.original),
    suspect: address(pair.suspect),
    ancestors: pair.base ? [address(pair.base)] : [],
    statement,
    interest: "none" as const,
  };
  try {
    return await draftCase(reporter, { ...input, claims });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "declared-derivative") throw error;
    return draftCase(reporter, { ...input, claims: claimsOfDeclared });
  }
}

export interface EndedRun {
  readonly state: "finished" | "failed" | "cancelled";
  readonly digest: string | null;
  readonly failure: string | null;
}

/** Waits for the worker. Null when it has not ended by then. */
export async function awaitRun(ctx: Context, runId: string, patienceMs: number): Promise<EndedRun | null> {
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    const run = await ctx.db.run.findUniqueOrThrow({ where: { id: runId }, include: { result: true } });
    if (run.state !== "queued" && run.state !== "running") {
      const failure = run.failure as { code?: string } | null;
      return { state: run.state, digest: run.result?.digest ?? null, failure: failure?.code ?? null };
    }
    await sleep(300);
  }
  return null;
}
