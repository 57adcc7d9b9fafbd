import { z } from "zod";
import { hex } from "@/lib/engine/log";
import type { Database } from "@/lib/platform/database";
import type { WitnessProblem } from "./add-checkpoint";
import type { Witness } from "./configured";

const problems = [
  "timeout",
  "unreachable",
  "too-large",
  "refused-request",
  "refused-key",
  "unknown-log",
  "inconsistent",
  "ahead",
  "busy",
  "rate-limited",
  "server-error",
  "unexpected-answer",
  "no-cosignature",
  "bad-cosignature",
  "wrong-time",
] as const satisfies readonly WitnessProblem[];

/** What stands in `setting` while a witness does not cosign; nothing stands there while it does. */
const troubleSchema = z.object({
  problem: z.enum(problems),
  since: z.iso.datetime(),
  /** In a row. */
  failures: z.int().min(1),
});

export interface WitnessState {
  readonly name: string;
  /** Hex of four bytes: a witness may have had other keys. */
  readonly keyId: string;
  /** The newest checkpoint that it cosigned; null before the first. */
  readonly last: { readonly size: number; readonly time: string } | null;
  /** Why it does not cosign now; null while it does. */
  readonly trouble: { readonly problem: WitnessProblem; readonly since: string } | null;
}

const keyOf = (witness: Witness) => `log:witness:${witness.key.name}+${hex(witness.key.keyId)}`;

/** Each configured witness as it stands now, for the status page. */
export async function witnessStates(
  db: Database,
  witnesses: readonly Witness[],
): Promise<readonly WitnessState[]> {
  const rows = await db.setting.findMany({ where: { key: { in: witnesses.map(keyOf) } } });
  return Promise.all(
    witnesses.map(async (witness) => {
      const trouble = troubleSchema.safeParse(rows.find(({ key }) => key === keyOf(witness))?.value).data;
      const last = await lastCosigned(db, witness);
      return {
        name: witness.key.name,
        keyId: hex(witness.key.keyId),
        last: last === null ? null : { size: last.size, time: last.time.toISOString() },
        trouble: trouble === undefined ? null : { problem: trouble.problem, since: trouble.since },
      };
    }),
  );
}

/** The newest checkpoint that we have this witness' line for. */
export async function lastCosigned(
  db: Database,
  witness: Witness,
): Promise<{ readonly size: number; readonly time: Date } | null> {
  const row = await db.logSignature.findFirst({
    where: { signer: "witness", name: witness.key.name, keyId: hex(witness.key.keyId) },
    orderBy: { size: "desc" },
  });
  return row === null ? null : { size: Number(row.size), time: row.time ?? row.createdAt };
}

/** Notes a failure, or with null that all is well again. Writes only what changed. */
export async function noteWitness(
  db: Database,
  witness: Witness,
  problem: WitnessProblem | null,
  now: Date,
): Promise<void> {
  const key = keyOf(witness);
  if (problem === null) {
    await db.setting.deleteMany({ where: { key } });
    return;
  }
  const before = troubleSchema.safeParse((await db.setting.findUnique({ where: { key } }))?.value).data;
  const value = {
    problem,
    since: before?.problem === problem ? before.since : now.toISOString(),
    failures: (before?.failures ?? 0) + 1,
  };
  await db.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
}
