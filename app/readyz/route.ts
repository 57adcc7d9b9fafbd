import { services } from "@/lib/platform/context/server";
import { readiness } from "@/lib/platform/telemetry/readiness";

export const dynamic = "force-dynamic";

/** 200 when this process can serve: database, queue, log. Otherwise 503 and what is missing. */
export async function GET(): Promise<Response> {
  const state = await readiness(services().db);
  return Response.json(state, {
    status: state.ready ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
