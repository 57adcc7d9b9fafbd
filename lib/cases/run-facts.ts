import type { CaseRunDto } from "./dto";
import { readResult } from "./read-result";
import { type RecalledVersions, recalledAmong } from "./recalled";

interface RunRow {
  readonly id: string;
  readonly claimId: string | null;
  readonly state: CaseRunDto["state"];
  readonly parameters: unknown;
  readonly failure: unknown;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly result: { readonly digest: string; readonly document: string } | null;
}

/** A run as a case page tells it; the run's own page has the rest. */
export function caseRunDto(row: RunRow, recalled: RecalledVersions): CaseRunDto {
  const facts = row.result ? readResult(row.result.document) : null;
  const { methods } = row.parameters as { methods?: string[] };
  const failure = row.failure as { code?: string } | null;
  return {
    id: row.id,
    claimId: row.claimId,
    methods: methods ?? [],
    state: row.state,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    digest: row.result?.digest ?? null,
    relation: facts?.relation ?? null,
    says: facts?.says ?? {},
    failureCode: failure?.code ?? null,
    redacted: row.result !== null && facts === null,
    recalled: recalledAmong(facts?.used ?? [], recalled),
  };
}
