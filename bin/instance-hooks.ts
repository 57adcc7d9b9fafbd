import { createSetupLink } from "@/lib/accounts/setup-link";
import { connect, type Database } from "@/lib/platform/database";
import { type Environment, isLoopbackOnly } from "@/lib/platform/env";
import type { InstanceHooks } from "@/lib/platform/supervisor/run-instance";
import { checkSharedSecrets } from "@/lib/platform/supervisor/shared-secrets";

/** What the supervisor asks of the domains above it. */
export function instanceHooks(settings: Environment): InstanceHooks {
  return {
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
