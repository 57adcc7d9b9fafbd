import type { Transaction } from "@/lib/platform/database";

/**
 * How many originals the suspect of a run has been put beside on this site, this one included. Every look is a chance
 * of a false flag, so the engine multiplies its p-values by it. Looks at other commits of the same repository count.
 */
export async function screenedBefore(
  tx: Transaction,
  inputs: readonly { readonly role: string; readonly releaseId: string }[],
): Promise<number> {
  const of = (role: string) => inputs.find((input) => input.role === role)?.releaseId ?? "";
  const rows = await tx.$queryRaw<{ screened: bigint }[]>`
    SELECT count(DISTINCT (original.source, original.repository)) AS screened
    FROM run_input AS looked
    JOIN release AS seen ON seen.id = looked.release_id
    JOIN release AS asked ON asked.id = ${of("suspect")}
    JOIN run_input AS beside ON beside.run_id = looked.run_id AND beside.role = 'original'
    JOIN release AS original ON original.id = beside.release_id
    JOIN release AS wanted ON wanted.id = ${of("original")}
    WHERE looked.role = 'suspect' AND seen.source = asked.source AND seen.repository = asked.repository
      AND (original.source, original.repository) <> (wanted.source, wanted.repository)`;
  return 1 + Number(rows[0]?.screened ?? 0);
}
