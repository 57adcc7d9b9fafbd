import type { Database } from "@/lib/platform/database";
import type { Role } from "@/lib/platform/database/generated/enums";
import { newId } from "@/lib/platform/ids";
import { newPseudonym } from "./pseudonym";
import { emailAddress } from "./schema";

/** Gives an address a role from the machine's own terminal; makes the account when there is none yet. */
export async function grantRole(db: Database, address: string, role: Role): Promise<{ created: boolean }> {
  const email = emailAddress.parse(address);
  return db.$transaction(async (tx) => {
    const before = await tx.user.findUnique({ where: { email } });
    const user = await tx.user.upsert({
      where: { email },
      create: { id: newId("usr"), name: newPseudonym(), email, role },
      update: { role },
    });
    await tx.auditEvent.create({
      data: { action: "role-granted", subject: user.id, data: { role, by: "command-line" } },
    });
    return { created: before === null };
  });
}
