import type { Database } from "@/lib/platform/database";

/**
 * Where an alert goes: the contact, if there is one, and whoever may act on it, that is moderators and administrators
 * whose address is proved: by a mail that they answered, or by the identity it was taken from. Each address once.
 */
export async function whoIsTold(
  db: Pick<Database, "user">,
  contact: string | null,
): Promise<readonly string[]> {
  const users = await db.user.findMany({
    where: {
      role: { in: ["moderator", "admin"] },
      deletedAt: null,
      email: { not: null },
      OR: [{ emailVerified: { not: null } }, { accounts: { some: {} } }],
    },
    orderBy: { email: "asc" },
    select: { email: true },
  });
  const addresses = [contact, ...users.map(({ email }) => email)].filter((one) => one !== null);
  return [...new Map(addresses.toReversed().map((one) => [one.toLowerCase(), one])).values()].toReversed();
}
