import { revalidatePath } from "next/cache";
import { z } from "zod";
import { locales } from "@/i18n/locales";
import { sameSecret } from "@/lib/platform/http/same-secret";
import { forgetAll } from "@/lib/platform/pages/forget";
import { revalidateSecret } from "@/lib/platform/pages/secret";

export const dynamic = "force-dynamic";

const body = z.object({
  paths: z.array(z.string().startsWith("/")).max(1000),
  /** Also what this process remembers of texts: some were redacted. */
  forget: z.boolean().default(false),
});

/**
 * Takes the changed pages out of this process's cache, in every language. Asked by the process itself only, with a
 * secret that never leaves it: revalidatePath works nowhere else but in a request.
 */
export async function POST(request: Request): Promise<Response> {
  const given = request.headers.get("x-slipmark-revalidate") ?? "";
  if (!sameSecret(given, revalidateSecret())) return new Response("not found\n", { status: 404 });
  const { paths, forget } = body.parse(await request.json());
  if (forget) forgetAll();
  for (const path of paths)
    for (const locale of locales) revalidatePath(`/${locale}${path === "/" ? "" : path}`);
  return Response.json({ paths: paths.length });
}
