import type { Transaction } from "@/lib/platform/database";
import type { CanaryAnswerSet } from "@/lib/platform/database/generated/client";

/**
 * Makes registered answers readable: salt and bytes become the payload whose digest their statement has named since they
 * were registered. Returns that digest, for the statement that publishes it.
 */
export async function publishAnswers(
  tx: Transaction,
  row: Pick<CanaryAnswerSet, "id" | "answersSha256" | "answersSalt">,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const digest = `sha256:${row.answersSha256}`;
  await tx.logPayload.createMany({
    data: [{ digest, salt: row.answersSalt, bytes }],
    skipDuplicates: true,
  });
  await tx.canaryAnswerSet.update({ where: { id: row.id }, data: { status: "logged" } });
  return digest;
}
