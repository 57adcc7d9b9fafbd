import type { z } from "zod";
import { currentViewer } from "@/lib/accounts/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { env } from "@/lib/platform/env";
import type { Endpoint } from "@/lib/platform/http/endpoint";
import { isSameOrigin } from "@/lib/platform/http/same-origin";
import { serve } from "@/lib/platform/http/serve";

type Schema = z.ZodType | undefined;

/** A route handler with this site's database and sessions behind it. */
export function route<P extends Schema, Q extends Schema, B extends Schema>(endpoint: Endpoint<P, Q, B>) {
  return serve(endpoint, () => ({
    context: serviceContext,
    trustedProxies: env().SLIPMARK_TRUSTED_PROXIES,
    // A session cookie counts only on requests of our own pages: other sites' scripts are nobody here.
    viewer: async (request) => (isSameOrigin(request) ? currentViewer() : anonymous),
  }));
}
