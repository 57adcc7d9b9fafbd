import type { Subject } from "@/lib/ledger/server";
import type { Transaction } from "@/lib/platform/database";

/** The releases a run compares, as subjects of a statement: each once, original first. */
export async function inputSubjects(
  tx: Transaction,
  inputs: readonly { readonly role: string; readonly releaseId: string }[],
): Promise<Subject[]> {
  const releases = await tx.release.findMany({
    where: { id: { in: inputs.map((input) => input.releaseId) } },
  });
  const subjects: Subject[] = [];
  for (const role of ["original", "suspect", "ancestor", "control"]) {
    for (const input of inputs.filter((one) => one.role === role)) {
      const release = releases.find((one) => one.id === input.releaseId);
      if (release === undefined) continue;
      const name = `${release.source}:${release.repository}`;
      if (subjects.some((one) => one.name === name && one.digest.gitCommit === release.commit)) continue;
      subjects.push({ name, digest: { gitCommit: release.commit } });
    }
  }
  return subjects;
}
