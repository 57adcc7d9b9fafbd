import { createSetupLink } from "@/lib/accounts/setup-link";
import { connect, type Database } from "@/lib/platform/database";
import { type Environment, isLoopbackOnly } from "@/lib/platform/env";
import type { InstanceHooks } from "@/lib/platform/supervisor/run-instance";
import { checkSharedSecrets } from "@/lib/platform/supervisor/shared-secrets";

/** Where the example ledger notes its own progress (lib/examples/ledger/steps.ts). */
const examplesKey = "examples";

/** What the supervisor asks of the domains above it. */
export function instanceHooks(settings: Environment, endpointChosen: boolean): InstanceHooks {
  // Examples live on the loopback Hub: with another HF_ENDPOINT their releases could not be read.
  const allowed = settings.SLIPMARK_EXAMPLES === "on" && isLoopbackOnly(settings) && !endpointChosen;
  return {
    examples: (url) =>
      using(url, async (db) => {
        const noted = await db.setting.findUnique({ where: { key: examplesKey } });
        if (noted !== null) return allowed ? "continue" : "serve";
        const rows = await Promise.all([db.user.count(), db.model.count(), db.case.count()]);
        return allowed && rows.every((count) => count === 0) ? "continue" : "none";
      }),
    shareSecrets: (url) => using(url, (db) => checkSharedSecrets(db, settings, { replace: true })),
    setupPath: (url) =>
      using(url, async (db) => {
        const token = await createSetupLink(db);
        return token === null ? null : `/setup/${token}`;
      }),
  };
}

async function using<Result>(url: string, task: (db: Database) => Promise<Result>): Promise<Result> {
  const db = connect(url, { max: 2 });
  try {
    return await task(db);
  } finally {
    await db.$disconnect();
  }
}
