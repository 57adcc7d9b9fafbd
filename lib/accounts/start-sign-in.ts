import "server-only";
import { createHash, randomBytes } from "node:crypto";
import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { env } from "@/lib/platform/env";
import { authOptions } from "./auth-options";

/** What next-auth answered: where to go and which cookies to keep. */
export interface SignInStart {
  readonly location: string;
  readonly cookies: readonly string[];
}

const secure = (): boolean => (process.env.NEXTAUTH_URL ?? "").startsWith("https:");
const csrfCookie = (): string => `${secure() ? "__Host-" : ""}next-auth.csrf-token`;
export const sessionCookie = (): string => `${secure() ? "__Secure-" : ""}next-auth.session-token`;

/**
 * Starts a sign-in from a plain HTML form. next-auth wants its own token against forged requests, which a page
 * without scripts cannot fetch; the route that calls this has checked the Origin header instead, so the pair of
 * cookie and field is made here on the spot.
 */
export async function startSignIn(
  provider: string,
  fields: { readonly email?: string; readonly callbackUrl: string },
  request: { readonly headers: Headers; readonly cookies: Readonly<Record<string, string>> },
): Promise<SignInStart> {
  const csrfToken = randomBytes(32).toString("hex");
  const hash = createHash("sha256").update(`${csrfToken}${env().NEXTAUTH_SECRET}`).digest("hex");
  const headers = new Map<string, string | string[]>();
  const response = {
    status: () => response,
    getHeader: (name: string) => headers.get(name),
    setHeader: (name: string, value: string | string[]) => {
      headers.set(name, value);
      return response;
    },
    end: () => response,
    json: () => response,
    send: () => response,
  };
  await NextAuth(
    {
      method: "POST",
      query: { nextauth: ["signin", provider] },
      body: { ...fields, csrfToken },
      headers: Object.fromEntries(request.headers),
      cookies: { ...request.cookies, [csrfCookie()]: `${csrfToken}|${hash}` },
    } as unknown as NextApiRequest,
    response as unknown as NextApiResponse,
    authOptions(),
  );
  const cookies = headers.get("Set-Cookie");
  return {
    location: String(headers.get("Location") ?? "/sign-in?error=Default"),
    cookies: cookies === undefined ? [] : [cookies].flat(),
  };
}
