import "server-only";
import { headers } from "next/headers";
import type { DefaultSession, NextAuthOptions, Profile } from "next-auth";
import EmailProvider from "next-auth/providers/email";
import GitHubProvider from "next-auth/providers/github";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import type { Role } from "@/lib/platform/database/generated/enums";
import { env } from "@/lib/platform/env";
import { accountsAdapter } from "./adapter";
import { configuredProviders } from "./providers";
import { emailAddress } from "./schema";
import { maySendSignInMail, sendSignInMail } from "./send-sign-in-mail";
import { isVerified, verifiedEmail } from "./verified-email";

declare module "next-auth" {
  interface Session {
    user: { id: string; role: Role; name: string } & Omit<NonNullable<DefaultSession["user"]>, "name">;
  }
}

interface OidcProfile {
  sub: string;
  email?: string;
  email_verified?: unknown;
  preferred_username?: string;
}

/** An OpenID Connect issuer, by discovery. next-auth 4 has no built-in entry for Hugging Face or for "any issuer". */
function oidcProvider(
  id: string,
  name: string,
  issuer: string,
  client: { id: string; secret: string },
): OAuthConfig<OidcProfile> {
  return {
    id,
    name,
    type: "oauth",
    wellKnown: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    clientId: client.id,
    clientSecret: client.secret,
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    authorization: { params: { scope: "openid profile email" } },
    profile: (profile) => ({
      id: profile.sub,
      name: null,
      // An unverified address would let anyone claim somebody else's account.
      email: isVerified(profile.email_verified) ? (profile.email ?? null) : null,
    }),
  };
}

type Provider = NextAuthOptions["providers"][number];

function providers(): Provider[] {
  const settings = env();
  const list: Provider[] = [
    EmailProvider({
      maxAge: 30 * 60,
      normalizeIdentifier: (identifier) => emailAddress.parse(identifier),
      sendVerificationRequest: ({ identifier, url }) => sendSignInMail(identifier, url),
    }),
  ];
  for (const { id, name } of configuredProviders(settings)) {
    if (id === "github") {
      list.push(
        GitHubProvider({
          clientId: settings.GITHUB_CLIENT_ID!,
          clientSecret: settings.GITHUB_CLIENT_SECRET!,
          userinfo: {
            url: "https://api.github.com/user",
            async request({ client, tokens }) {
              const { email: _, ...profile } = await client.userinfo(tokens.access_token!);
              const answer = await fetch("https://api.github.com/user/emails", {
                headers: { Authorization: `Bearer ${tokens.access_token}` },
                signal: AbortSignal.timeout(10_000),
              });
              const email = answer.ok ? verifiedEmail(await answer.json()) : null;
              return (email === null ? profile : { ...profile, email }) as Profile;
            },
          },
        }),
      );
    }
    if (id === "huggingface") {
      list.push(
        oidcProvider("huggingface", name, settings.HF_OAUTH_ISSUER, {
          id: settings.HF_CLIENT_ID!,
          secret: settings.HF_CLIENT_SECRET!,
        }),
      );
    }
    if (id === "oidc") {
      list.push(
        oidcProvider("oidc", name, settings.OIDC_ISSUER!, {
          id: settings.OIDC_CLIENT_ID!,
          secret: settings.OIDC_CLIENT_SECRET!,
        }),
      );
    }
  }
  return list;
}

/** The account name an identity provider shows, for the list of linked identities. */
function identityLabel(profile: unknown): string | null {
  const fields = profile as { preferred_username?: unknown; login?: unknown; email?: unknown };
  for (const value of [fields.preferred_username, fields.login, fields.email]) {
    if (typeof value === "string" && value !== "") return value.slice(0, 100);
  }
  return null;
}

let options: NextAuthOptions | undefined;

/** next-auth with database sessions; made once per process, on first use, because it needs the environment. */
export function authOptions(): NextAuthOptions {
  if (options) return options;
  const { db } = serviceContext(anonymous);
  options = {
    secret: env().NEXTAUTH_SECRET,
    adapter: accountsAdapter(db, async () => (await headers()).get("user-agent")?.slice(0, 200) ?? null),
    session: { strategy: "database", maxAge: 30 * 24 * 3600, updateAge: 24 * 3600 },
    pages: { signIn: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in/sent", signOut: "/sign-in" },
    providers: providers(),
    callbacks: {
      async signIn({ user, email }) {
        if (email?.verificationRequest) return maySendSignInMail(user.email ?? "");
        return true;
      },
      session({ session, user }) {
        const row = user as typeof user & { role: Role };
        // Only what pages need: no e-mail address in a response a script can read.
        return {
          expires: session.expires,
          user: { id: row.id, role: row.role, name: row.name ?? "" },
        };
      },
      redirect({ url, baseUrl }) {
        const target = new URL(url, baseUrl);
        return target.origin === new URL(baseUrl).origin ? target.href : baseUrl;
      },
    },
    events: {
      async linkAccount({ account, profile, user }) {
        const label = identityLabel(profile);
        await db.account.updateMany({
          where: {
            userId: user.id,
            provider: account.provider,
            providerAccountId: account.providerAccountId,
          },
          data: { label },
        });
      },
    },
  };
  return options;
}
