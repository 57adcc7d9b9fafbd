import { type NextRequest, NextResponse } from "next/server";
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
  const response = new NextResponse(null, { status: 303, headers: { Location: start.location } });
  for (const cookie of start.cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}
