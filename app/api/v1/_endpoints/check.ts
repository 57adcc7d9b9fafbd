import { z } from "zod";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { checkIdSchema, runIdSchema, startCheckSchema } from "@/lib/verification";
import { startCheck } from "@/lib/verification/server";

export const postCheck = defineEndpoint({
  method: "POST",
  path: "/check",
  id: "startCheck",
  summary: "Compares two releases on the spot: a look-up, not a case; unlisted, and gone after 30 days",
  body: startCheckSchema,
  response: z.object({
    check: checkIdSchema,
    run: runIdSchema,
    links: z.object({ run: z.string(), progress: z.string(), result: z.string() }),
  }),
  status: 202,
  cache: "none",
  perMinute: 20,
  knowsViewer: true,
  handle: async ({ ctx, body, address }) => {
    const { checkId, runId } = await startCheck(ctx, body, { address });
    const run = `/api/v1/runs/${runId}`;
    return {
      status: 202,
      json: {
        check: checkId,
        run: runId,
        links: { run, progress: `${run}/progress`, result: `${run}/result` },
      },
    };
  },
});
