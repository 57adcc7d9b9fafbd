import { services } from "@/lib/platform/context/server";
import { metricsText } from "@/lib/platform/telemetry/metrics";
import { mayReadMetrics } from "@/lib/platform/telemetry/private";

export const dynamic = "force-dynamic";

/** Prometheus text, private by default: from this machine, or with the token kept in the data folder. */
export async function GET(request: Request): Promise<Response> {
  if (!mayReadMetrics(request)) return new Response("not found\n", { status: 404 });
  const { text, mediaType } = await metricsText(services().db);
  return new Response(text, { headers: { "content-type": mediaType, "cache-control": "no-store" } });
}
