import { PrismaAdapter } from "@auth/prisma-adapter";
import type { Adapter, AdapterAccount, AdapterSession, AdapterUser } from "next-auth/adapters";
import type { Database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { newPseudonym } from "./pseudonym";

/** What a sign-in may tell us about the device, for the list of sessions. */
export type DescribeDevice = () => Promise<string | null>;

/**
 * The Prisma adapter with our ids, and with less memory than it would like to have: no access, refresh or id
 * token is stored, and a new person starts under a pseudonym, never under the name an identity provider tells.
 */
export function accountsAdapter(db: Database, describeDevice: DescribeDevice): Adapter {
  const base = PrismaAdapter(db as unknown as Parameters<typeof PrismaAdapter>[0]) as Adapter;
  return {
    ...base,
    async createUser(user: Omit<AdapterUser, "id">) {
      const created = await db.user.create({
        data: {
          id: newId("usr"),
          name: newPseudonym(),
          email: user.email ? user.email.toLowerCase() : null,
          emailVerified: user.emailVerified ?? null,
        },
      });
      return { ...created, email: created.email ?? "" };
    },
    async getUserByEmail(email: string) {
      const user = await db.user.findUnique({ where: { email: email.toLowerCase() } });
      return user === null ? null : { ...user, email: user.email ?? "" };
    },
    async linkAccount(account: AdapterAccount) {
      const { userId, type, provider, providerAccountId } = account;
      await db.account.create({ data: { id: newId("acc"), userId, type, provider, providerAccountId } });
    },
    async createSession(session: AdapterSession) {
      const { sessionToken, userId, expires } = session;
      const userAgent = await describeDevice();
      return db.session.create({ data: { id: newId("ses"), sessionToken, userId, expires, userAgent } });
    },
  };
}
