import type { NextRequest } from "next/server";
import { negotiateLocale } from "@/i18n/locales";

/**
 * next-auth redirects to addresses without a language. The language is that of the page the person came from,
 * else what the browser prefers.
 */
export function GET(request: NextRequest): Response {
  const from =
    request.nextUrl.searchParams.get("callbackUrl") ??
    request.cookies.getAll().find(({ name }) => name.endsWith("next-auth.callback-url"))?.value ??
    "";
  const path = from.replace(/^https?:\/\/[^/]+/, "");

  const fallback = negotiateLocale(request.headers.get("accept-language"));
  const locale = /^\/(en|zh)(?:[/?#]|$)/.exec(path)?.[1] ?? fallback;
  return new Response(null, {
    status: 307,
    headers: { Location: `/${locale}${request.nextUrl.pathname}${request.nextUrl.search}` },
  });
}
