import { type NextRequest, NextResponse } from "next/server";
import { negotiateLocale } from "@/i18n/locales";

/**
 * Every page has its language in its address. Negotiated are only the addresses that people type: the bare one, and
 * the log's own name, which is <host>/log.
 */
export function proxy(request: NextRequest): NextResponse {
  const locale = negotiateLocale(request.headers.get("accept-language"));
  const path = request.nextUrl.pathname;
  const response = NextResponse.redirect(new URL(`/${locale}${path === "/" ? "" : path}`, request.url), 307);
  response.headers.set("Vary", "Accept-Language");
  response.headers.set("Cache-Control", "private, no-store");
  return response;
}

export const config = { matcher: ["/", "/log", "/status"] };
