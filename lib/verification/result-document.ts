import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { resultDigest } from "@/lib/engine/result/digest";
import { type ResultDocument, resultDocumentSchema } from "@/lib/engine/result/document";
import type { Context } from "@/lib/platform/context";
import { firstCapture } from "./first-captures";
import type { ClaimedRun } from "./run-claim";

/**
 * The document of a child process, believed only after it was checked: its shape, its digest computed once more, and
 * that it speaks of the releases of this run. The dates of observation are added here, because the engine knows no
 * clock; they are no part of the digest.
 */
export async function checkedDocument(
  ctx: Context,
  run: ClaimedRun,
  made: { readonly document: string; readonly digest: string; readonly build: string },
): Promise<{ document: ResultDocument; json: string }> {
  const parsed = resultDocumentSchema.parse(JSON.parse(made.document));
  if (resultDigest(parsed) !== made.digest || parsed.digest !== made.digest)
    throw new Error("the digest of a result does not belong to its document");
  const commitOf = (role: string) => run.inputs.find((input) => input.role === role)?.spec.revision;
  const { original, suspect } = parsed.inputs;
  if (original.commit !== commitOf("original") || suspect.commit !== commitOf("suspect"))
    throw new Error("a result speaks of other releases than its run");
  const [originalDate, suspectDate] = await Promise.all([
    earliestDate(ctx, run, "original"),
    earliestDate(ctx, run, "suspect"),
  ]);
  const document: ResultDocument = {
    ...parsed,
    build: made.build,
    summary: { ...parsed.summary, dates: { original: originalDate, suspect: suspectDate } },
  };
  return { document, json: canonicalJson(document) };
}

async function earliestDate(ctx: Context, run: ClaimedRun, side: "original" | "suspect") {
  const first = await firstCapture(ctx.db, run.inputs, side);
  return first === null ? null : { at: first.observedAt.toISOString(), source: "capture" };
}
