import { redactedDocument } from "@/lib/ledger";
import { heldForAuthor, recordAct } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { accessFields, accessOf, roleIn } from "./access";
import { maySeeCaseRuns } from "./policy";
import {
  type FileReproductionInput,
  fileReproductionSchema,
  type ReproductionDocument,
  reproductionDocumentSchema,
} from "./reproduction-schema";

/**
 * Somebody states that they ran a case's result again on a machine of their own, and which digest came out: the same, or
 * another. Nobody here has watched it; the page says so. The same outcome of the same account is one statement.
 *
 * Errors: sign-in-required, invalid-input (document: not-a-reproduction, other-result, altered; interest), not-found
 * (no such run, or its result is gone), too-many-requests.
 */
export async function fileReproduction(
  ctx: Context,
  input: FileReproductionInput,
): Promise<{ readonly reproductionId: string; readonly same: boolean }> {
  const userId = memberOf(ctx.viewer);
  const { runId, document, interest, ownKey } = parseInput(fileReproductionSchema, input);
  const { from, recorded, computed } = parsedDocument(document);
  await consumeAct(ctx, "text");
  const now = ctx.clock.now();
  return ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "run" WHERE "id" = ${runId} FOR UPDATE`;
    const run = await tx.run.findUnique({
      where: { id: runId },
      include: { result: true, case: { select: accessFields } },
    });
    const standing = run?.result && run.result.document !== redactedDocument ? run.result : null;
    const publicId = run?.case?.publicId ?? null;
    if (!run?.case || publicId === null || standing === null) throw new AppError("not-found");
    const access = accessOf(run.case);
    if (!maySeeCaseRuns(ctx.viewer, access)) throw new AppError("not-found");
    if (recorded.digest !== standing.digest) throw refused("other-result");

    const same = computed.digest === standing.digest;
    const key = { runId, userId, computed: computed.digest };
    const known = await tx.reproduction.findUnique({ where: { runId_userId_computed: key } });
    if (known !== null) return { reproductionId: known.id, same };
    const reproductionId = newId("rep");
    await tx.reproduction.create({
      data: { ...key, id: reproductionId, same, from, build: computed.build, interest, createdAt: now },
    });
    await recordAct(tx, {
      kind: "reproduce",
      about: `case:${publicId}`,
      subjects: [{ name: "result", digest: { sha256: hexOf(standing.digest) } }],
      predicate: {
        reproduction: reproductionId,
        case: publicId,
        run: runId,
        result: hexOf(standing.digest),
        computed: hexOf(computed.digest),
        same,
        from,
        build: computed.build,
        interest,
      },
      actor: { role: roleIn(ctx.viewer, access), name: ctx.viewer.name },
      dedupKey: `reproduce:${reproductionId}`,
      t: now,
      ...heldForAuthor(ctx, ownKey),
    });
    await pagesChanged(tx, [`/runs/${runId}`, `/cases/${publicId}`]);
    return { reproductionId, same };
  });
}

const hexOf = (digest: string) => digest.replace(/^sha256:/, "");
const refused = (code: string) => new AppError("invalid-input", { fields: { document: code } });

/** What `slipmark reproduce --json` printed. A document that was altered shows nothing about the result. */
function parsedDocument(text: string): ReproductionDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused("not-a-reproduction");
  }
  const parsed = reproductionDocumentSchema.safeParse(value);
  if (!parsed.success) throw refused("not-a-reproduction");
  if (!parsed.data.intact) throw refused("altered");
  return parsed.data;
}
