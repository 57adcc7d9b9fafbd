import type { NextRequest } from "next/server";
import { negotiateLocale } from "@/i18n/locales";

/** The address the supervisor prints has no language yet. */
export async function GET(
  request: NextRequest,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  const { token } = await params;
  const locale = negotiateLocale(request.headers.get("accept-language"));
  return new Response(null, {
    status: 307,
    headers: { Location: `/${locale}/setup/${encodeURIComponent(token)}`, "Cache-Control": "no-store" },
  });
}
