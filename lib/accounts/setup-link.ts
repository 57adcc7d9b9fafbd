import { createHash, randomBytes } from "node:crypto";
import type { Database, Transaction } from "@/lib/platform/database";

export const hashSetupToken = (token: string): string => createHash("sha256").update(token).digest("hex");

export async function hasAdministrator(db: Database | Transaction): Promise<boolean> {
  return (await db.user.count({ where: { role: "admin", deletedAt: null } })) > 0;
}

/**
 * A fresh one-time link token that makes its opener administrator, or null when an administrator exists already.
 * Earlier unused links stop working.
 */
export async function createSetupLink(db: Database): Promise<string | null> {
  return db.$transaction(async (tx) => {
    if (await hasAdministrator(tx)) return null;
    const token = randomBytes(24).toString("base64url");
    await tx.setupLink.deleteMany({ where: { usedAt: null } });
    await tx.setupLink.create({ data: { tokenHash: hashSetupToken(token) } });
    return token;
  });
}
