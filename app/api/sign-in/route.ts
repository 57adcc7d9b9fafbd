import { type NextRequest, NextResponse } from "next/server";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { startSignIn } from "@/lib/accounts/server";
import { isSameOrigin } from "@/lib/platform/http/same-origin";

const form = z.object({
  provider: z.enum(["email", "github", "huggingface", "oidc"]),
  email: z.string().max(254).optional(),
  callbackUrl: z
    .string()
    .max(2000)
    .regex(/^\/(?![/\\])/)
    .catch("/"),
});

/** The sign-in forms post here: plain HTML, no script needed. */
export async function POST(request: NextRequest): Promise<Response> {
  if (!isSameOrigin(request)) return new Response("This form was sent from another site.\n", { status: 403 });
  const data = form.safeParse(Object.fromEntries(await request.formData()));
  if (!data.success) return new Response("This form is incomplete.\n", { status: 400 });
  const { provider, email, callbackUrl } = data.data;
  const cookies = Object.fromEntries(request.cookies.getAll().map(({ name, value }) => [name, value]));
  const start = await startSignIn(
    provider,
    { ...(email === undefined ? {} : { email }), callbackUrl },
    { headers: request.headers, cookies },
  );
  const response = leavesThisSite(start.location)
    ? await departure(start.location, callbackUrl)
    : new NextResponse(null, { status: 303, headers: { Location: start.location } });
  for (const cookie of start.cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

const leavesThisSite = (location: string): boolean => {
  const own = process.env.NEXTAUTH_URL ?? "http://localhost";
  return new URL(location, own).origin !== new URL(own).origin;
};

/**
 * Browsers apply form-action also to the redirect that answers a form, and ours allows this site only. So the way to
 * the identity provider is a page of its own that moves on by itself.
 */
async function departure(location: string, callbackUrl: string): Promise<NextResponse> {
  const locale = callbackUrl.startsWith("/zh") ? "zh" : "en";
  const t = await getTranslations({ locale, namespace: "sign-in" });
  const address = escapeHtml(location);
  const host = escapeHtml(new URL(location).host);
  const html = `<!doctype html><html lang="${locale === "zh" ? "zh-Hans" : "en"}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0;url=${address}"><title>${t("departure.title", { host })}</title>
<p><a href="${address}">${t("departure.link", { host })}</a></p></html>`;
  return new NextResponse(html, {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
    },
  });
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
