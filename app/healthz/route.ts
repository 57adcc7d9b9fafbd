export const dynamic = "force-dynamic";

/** The process answers. Says nothing about the database: a restart would not help it. */
export function GET(): Response {
  return new Response("ok\n", { headers: { "content-type": "text/plain", "cache-control": "no-store" } });
}
