import { memberOf } from "@/lib/platform/context/member-of";
import type { AccountContext } from "./account-context";

export interface AccountPage {
  readonly name: string;
  readonly email: string | null;
  readonly role: "member" | "moderator" | "admin";
  readonly since: Date;
  readonly identities: readonly { id: string; provider: string; label: string | null; since: Date }[];
  readonly sessions: readonly {
    id: string;
    device: string | null;
    since: Date;
    expires: Date;
    current: boolean;
  }[];
}

/** Everything the account page shows, to its owner only. */
export async function accountPage(ctx: AccountContext, sessionToken: string | null): Promise<AccountPage> {
  const userId = memberOf(ctx.viewer);
  const user = await ctx.db.user.findUniqueOrThrow({
    where: { id: userId },
    include: {
      accounts: { orderBy: { createdAt: "asc" } },
      sessions: { where: { expires: { gt: ctx.clock.now() } }, orderBy: { createdAt: "desc" } },
    },
  });
  return {
    name: user.name ?? "",
    email: user.email,
    role: user.role,
    since: user.createdAt,
    identities: user.accounts.map(({ id, provider, label, createdAt }) => ({
      id,
      provider,
      label,
      since: createdAt,
    })),
    sessions: user.sessions.map((session) => ({
      id: session.id,
      device: session.userAgent,
      since: session.createdAt,
      expires: session.expires,
      current: session.sessionToken === sessionToken,
    })),
  };
}
