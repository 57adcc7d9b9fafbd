import { z } from "zod";
import { services } from "@/lib/platform/context/server";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { holdStream } from "@/lib/platform/http/open-streams";
import { runIdSchema } from "@/lib/verification";
import { progressStream, runProgress } from "@/lib/verification/server";

export const getRunProgress = defineEndpoint({
  method: "GET",
  path: "/runs/{id}/progress",
  id: "getRunProgress",
  summary: "The progress of a run as server-sent events; ends when the run has ended",
  params: z.object({ id: runIdSchema }),
  response: { mediaType: "text/event-stream", description: "Events named `progress`; data is JSON" },
  cache: "none",
  perMinute: 120,
  handle: async ({ ctx, params: { id }, request, address }) => {
    if ((await runProgress(ctx, id)) === null) return null;
    const onEnd = holdStream(address);
    const { listener } = services();
    return new Response(progressStream(ctx, id, { listener, signal: request.signal, onEnd }), {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        // Compression would hold events back, too.
        "cache-control": "no-store, no-transform",
        // Reverse proxies would hold events back until their buffer is full.
        "x-accel-buffering": "no",
      },
    });
  },
});
