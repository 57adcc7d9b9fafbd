import { createHash } from "node:crypto";
import type { Database } from "@/lib/platform/database";
import type { Environment } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";

const shared = ["NEXTAUTH_SECRET", "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY"] as const;

/**
 * Sites and workers of one database must share their secrets, or links in mails and forms fail on every other request.
 * The first one leaves fingerprints; one that differs is refused. `replace`: npm start alone may bring new secrets.
 */
export async function checkSharedSecrets(
  db: Database,
  settings: Pick<Environment, (typeof shared)[number]>,
  options: { readonly replace: boolean },
): Promise<void> {
  for (const name of shared) {
    const key = `fingerprint:${name}`;
    const value = createHash("sha256").update(`slipmark ${name}\n${settings[name]}`).digest("hex");
    if (options.replace) {
      await db.setting.upsert({
        where: { key },
        create: { key, value },
        update: { value, updatedAt: new Date() },
      });
      continue;
    }
    await db.setting.createMany({ data: { key, value }, skipDuplicates: true });
    const first = await db.setting.findUnique({ where: { key } });
    if (first?.value !== value) {
      throw new StartProblem(
        `${name} is not the one the other sites of this database use: set the same value on every machine (npm start renews it for all)`,
      );
    }
  }
}
