import { type NextRequest, NextResponse } from "next/server";
import { negotiateLocale } from "@/i18n/locales";

/** Only the bare address is negotiated: every page has its language in its address. */
export function proxy(request: NextRequest): NextResponse {
  const locale = negotiateLocale(request.headers.get("accept-language"));
  const response = NextResponse.redirect(new URL(`/${locale}`, request.url), 307);
  response.headers.set("Vary", "Accept-Language");
  response.headers.set("Cache-Control", "private, no-store");
  return response;
}

export const config = { matcher: "/" };
